#!/usr/bin/env perl
# The driver of the conformance suite, which plays the daemon on standard input and output, and says
# over a third descriptor what to do with the client.
use 5.014;
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Daemonproxy::Line qw(parse_command parse_event);
use Daemonproxy::Protocol;

my $client = Daemonproxy::Protocol->new(rd_handle => \*STDIN, wr_handle => \*STDOUT, auto_resync => 0, observer => 0);
open my $control, '+<&=', $ENV{DAEMONPROXY_TEST_FD} or die "DAEMONPROXY_TEST_FD: $!";
$control->autoflush;

sub shown { defined $_[0] ? $_[0] : '-' }
sub list  { join "\t", @_ }

my %show = (
    services => sub { ('ok', $client->service_name_list) },
    fds      => sub { ('ok', $client->fd_name_list) },
    overflow => sub { ('ok', 'overflow=' . $client->overflowed) },
    run      => sub {
        my $run = $client->service($_[0])->run or return 'none';
        my %facts = %$run;
        my $number = delete $facts{number};
        return ('ok', "run=$number", map {
            my $value = $facts{$_};
            "$_=" . (ref $value ? "$value->{stage}:$value->{errno}" : $value)
        } sort keys %facts);
    },
    signal   => sub { ('ok', 'count=' . $client->pending_signal($_[0])) },
    fd       => sub {
        my $fd = $client->fd($_[0]) or return 'none';
        return ('ok', map { "$_=" . $fd->$_ } qw(type flags description));
    },
    service => sub {
        my $service = $client->service($_[0]) or return 'none';
        my %by = (shown($service->exit_reason) => $service->exit_value);
        return ('ok', (map { "$_=" . shown($service->$_) } qw(state pid)),
            'uptime=' . shown($service->_state(5)), 'downtime=' . shown($service->_state(6)),
            'since=' . shown($service->timestamp), (map { "$_=" . shown($by{$_}) } qw(exit signal)),
            'args=' . list($service->arg_list), 'fds=' . list($service->fd_list), 'tags=' . list($service->tag_list),
            'interval=' . shown($service->auto_up_interval), 'triggers=' . list($service->auto_up_triggers));
    },
);

sub answer {
    my ($kind, $name, @args) = @_;
    if ($kind eq '$') {
        my %own = (sync => sub { $client->flush }, resync => sub { $client->reset },
            wait => sub { $client->wait_for_service(@_[1, 2]) });
        return 'ok' if eval { $own{$name} ? $own{$name}->(@args) : $client->call($name, @args)->check; 1 };
        return ('error', ref $@ ? ($@->kind, $@->message, $@->kind eq 'refused' && defined $@->name ? $@->name : ()) : ('perl', $@));
    }
    if ($kind eq '=' && $show{$name}) { $client->pump_events; return $show{$name}->(@args) }
    if ($kind eq '?' && $name =~ /\A(?:command|event)\z/) {
        my $is_command = $name eq 'command';
        my @fields = $is_command ? parse_command($args[0]) : parse_event($args[0]);
        return ('valid', @fields) if @fields;
        my ($word) = split /\t/, $args[0];
        my $event = $is_command ? undef : $Daemonproxy::Grammar::EVENT{ shown($word) };
        return 'other' if !$is_command && (!$event || $event->{needs_fields} && $args[0] eq $event->{name});
        return ('invalid', $is_command ? Daemonproxy::Line::check_command($args[0]) : Daemonproxy::Line::check_event($args[0]));
    }
    return ('error', 'usage', 'unknown request');
}

while (defined(my $line = <$control>)) {
    chomp $line;
    my @request = map { s/\\x([0-9a-f]{2})/chr hex $1/ger } split /\t/, $line, -1;
    print {$control} join("\t", map { s/([\x00-\x1f\\])/sprintf '\\x%02x', ord $1/ger } answer(@request)), "\n";
}
