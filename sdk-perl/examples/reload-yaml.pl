#!/usr/bin/env perl
# Services from a YAML file, which is read again on SIGHUP. Only what has changed is restarted.
#
#     reload-yaml.pl FILE
#
# It is a controller: let the daemon start it with
#
#     service.args     reload   reload-yaml.pl  /etc/services.yaml
#     service.fds      reload   control.event   control.cmd  stderr
#     service.auto_up  reload   1               always
#
# The file, for which the YAML of perl's core is enough:
#
#     web:
#       args:
#         - httpd
#         - -p
#         - 80
#       fds:                # may be left out: null, stdout, stderr
#         - null
#         - web.log
#         - web.log
#       every: 5            # started again, after 5 seconds at the earliest; left out: started once
#
# It recognises its own services by the tag "from=reload-yaml", so it can itself be restarted at any
# time, and leaves other services alone. A file with a mistake changes nothing.
use 5.014;
use strict;
use warnings;
use CPAN::Meta::YAML;
use Daemonproxy;

my $TAG = 'reload-yaml';
my ($file) = @ARGV or die "usage: $0 FILE\n";

my $conn = Daemonproxy->controller;
my %after;    # what to do with a service when it is down

sub wanted {
    open my $handle, '<:raw', $file or die "$file: $!\n";
    my $documents = CPAN::Meta::YAML->read_string(do { local $/; <$handle> }) or die "$file: no YAML\n";
    my $services = $documents->[0] || {};
    die "$file: names of services are missing\n" unless ref $services eq 'HASH';
    for my $name (keys %$services) {
        my $service = $services->{$name};
        die "$file: $name has no args\n" unless ref $service eq 'HASH' && ref $service->{args} eq 'ARRAY' && @{ $service->{args} };
        $service->{fds} ||= ['null', 'stdout', 'stderr'];
        die "$file: every: $service->{every} is no number of seconds\n" if ($service->{every} || 1) !~ /\A[1-9][0-9]*\z/;
    }
    return $services;
}

sub differs { join("\0", @{ $_[0] }) ne join "\0", @{ $_[1] } }

sub apply {
    my $wanted = eval { wanted() };
    if (!$wanted) { warn "nothing was changed: $@"; return }
    for my $name (sort keys %$wanted) {
        my ($service, $new) = ($conn->service($name), $wanted->{$name});
        if ($service && ($service->tag_values('from') || '') ne $TAG) {
            warn "$name belongs to somebody else\n";
            next;
        }
        delete $after{$name};
        my $is_new = !$service;
        my $changed = $is_new || differs($service->args, $new->{args}) || differs($service->fds, $new->{fds});
        if ($changed) {
            say STDERR $is_new ? "new: $name" : "changed: $name";
            $service->set_args($new->{args});
            $service->set_fds($new->{fds});
            $service->set_tag_values(from => $TAG);
        }
        my $every = $new->{every};
        if (($service->auto_up_interval || '') ne ($every || '')) {
            $service->set_auto_up($every ? ($every, 'always') : '-');
        }
        if ($changed && $service->is_running) {
            $after{$name} = sub { $service->start unless $service->is_running };
            $service->signal('TERM');
        }
        elsif ($changed && !$every) { $service->start }
    }
    for my $service (grep { ($_->tag_values('from') || '') eq $TAG } $conn->service_list) {
        next if $wanted->{ $service->name };
        say STDERR 'gone: ', $service->name;
        $service->set_auto_up('-');
        $service->cancel if $service->is_starting;
        if ($service->is_running) {
            $after{ $service->name } = sub { $service->delete };
            $service->signal('TERM');
        }
        else { $service->delete }
    }
    return;
}

$conn->on(error   => sub { warn "$_[1]\n" });
$conn->on(warning => sub { warn "$_[1]\n" });
$conn->on('service.state' => sub {
    my ($conn, $name, $state) = @_;
    my $then = $state eq 'down' && delete $after{$name} or return;
    $then->();
});
$conn->on(signal => sub {
    my ($conn, $signal, $at, $count) = @_;
    if    ($signal eq 'SIGHUP')                     { apply() }
    elsif ($signal =~ /\ASIG(?:TERM|INT|QUIT)\z/) { $conn->terminate_shutdown }
    else                                            { return }
    $conn->signal_clear($signal, $count);
});

# A SIGHUP that came while nobody read is in the dump, and leads to the same as this.
$conn->sync;
apply();
$conn->run;
