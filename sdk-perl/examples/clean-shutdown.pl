#!/usr/bin/env perl
# Ends a daemon with everything in it, in good order, and with a status that says how it went.
#
#     clean-shutdown.pl [-g GUARD] SOCKET [TERM_SECONDS [KILL_SECONDS]]
#
# A reader of a pipe (a logger) is left alone while anything that writes into that pipe is still
# running. Then the daemon closes its own copy of the write end, so that the logger reads everything
# and then end of file. Controllers come last. Each service gets SIGTERM, and SIGKILL after
# TERM_SECONDS (10); a logger also gets these seconds before its SIGTERM, to finish by itself. What
# outlives KILL_SECONDS (5) more is given up.
#
# The status of the daemon, and of this program: 0, or 10 if something needed SIGKILL, 11 if
# something outlived it.
use 5.014;
use strict;
use warnings;
use Daemonproxy;
use Getopt::Std;

my %options;
getopts('g:', \%options) && @ARGV >= 1 or die "usage: $0 [-g GUARD] SOCKET [TERM_SECONDS [KILL_SECONDS]]\n";
my $socket       = shift;
my $term_seconds = @ARGV ? shift : 10;
my $kill_seconds = @ARGV ? shift : 5;

my $conn = Daemonproxy->connect($socket);
$conn->sync;
my $status = 0;

sub running { grep { $_->is_running } $conn->service_list }

# The names of the pipes' ends that a service has, "from" or "to".
sub ends {
    my ($service, $direction) = @_;
    return grep { $conn->fd($_)->is_pipe && ($conn->fd($_)->flag_list)[-1] eq $direction } grep { $_ ne '-' } $service->fd_list;
}

sub is_controller { scalar grep { /\Acontrol\./ } $_[0]->fd_list }

# Who may stop now: those that read from no pipe into which another still writes. In a circle, all.
sub next_ones {
    my @left = grep { !is_controller($_) } running();
    @left = running() unless @left;
    @left = grep { $_->pid != $$ } @left;
    my %writers;
    for my $service (@left) { push @{ $writers{$_} }, $service->name for ends($service, 'to') }
    my @free = grep {
        my $reader = $_;
        !grep { $_ ne $reader->name } map { @{ $writers{ $conn->fd($_)->description } || [] } } ends($reader, 'from');
    } @left;
    return @free ? @free : @left;
}

sub wait_for_all {
    my ($seconds, @services) = @_;
    return eval { $conn->wait_for(sub { !grep { $_->is_running } @services }, $seconds) } || do {
        my $error = $@;
        die $error unless ref $error && $error->kind eq 'timeout';
        0;
    };
}

# Nothing should be restarted.
for my $service ($conn->service_list) {
    $service->set_auto_up('-') if $service->auto_up_triggers;
    $service->cancel if $service->is_starting;
}
$conn->flush;

while (my @now = next_ones()) {
    my @loggers = grep { my @pipes = ends($_, 'from'); @pipes } @now;
    for my $pipe (map { ends($_, 'from') } @loggers) {
        my $writer = $conn->fd($conn->fd($pipe)->description =~ s/\A\?\z/null/r);
        $writer->delete if $writer->is_pipe;
    }
    wait_for_all($term_seconds, @loggers) if @loggers;
    my @asked = grep { $_->is_running } @now;
    $_->signal('TERM') for @asked;
    unless (wait_for_all($term_seconds, @asked)) {
        $status = 10 if $status < 10;
        my @stubborn = grep { $_->is_running } @asked;
        say STDERR 'killed: ', join ' ', @stubborn;
        $_->signal('KILL') for @stubborn;
        next if wait_for_all($kill_seconds, @stubborn);
        $status = 11;
        say STDERR 'given up: ', join ' ', grep { $_->is_running } @stubborn;
        last;
    }
}

$conn->terminate($status, $options{g})->check;
exit $status;
