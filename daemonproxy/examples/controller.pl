#!/usr/bin/env perl
# Starts whatever has the tag "restart", and waits longer each time it fails: 1, 2, 4 ... 60 s.
use strict;
use warnings;

$| = 1;
my (%state, %tags, %wait);

sub send_command { print join("\t", @_), "\n" }

sub start_if_down {
    my ($name) = @_;
    return unless grep { $_ eq 'restart' } @{ $tags{$name} || [] };
    my ($what, $reaped, undef, undef, undef, $uptime, $downtime) = @{ $state{$name} || [''] };
    return unless $what eq 'down';
    delete $state{$name};
    return send_command('service.start', $name) if $uptime eq '-';    # never started
    my $wait = 2 * ($wait{$name} || 0.5);
    $wait = 60 if $wait > 60;
    $wait = 1 if $uptime > 60;
    $wait{$name} = $wait;
    send_command('service.start', $name, $reaped + $downtime + $wait);    # the clock is kept by the daemon
    print STDERR "$name has ended; next start in $wait s\n";
}

send_command('statedump');    # whoever started before us, this is how it is now
while (my $line = <STDIN>) {
    chomp $line;
    my ($event, $name, @fields) = split /\t/, $line, -1;
    if ($event eq 'service.state') {
        $state{$name} = \@fields;
        start_if_down($name);
    } elsif ($event eq 'service.tags') {
        $tags{$name} = \@fields;
        start_if_down($name);
    } elsif ($event eq 'terminate.state') {    # nothing is started from here on
        last;
    } elsif ($event eq 'overflow') {    # we were too slow and have missed something
        %state = %tags = ();
        send_command('statedump');
    } elsif ($event eq 'signal' && $name =~ /^SIG(INT|TERM|QUIT)$/) {
        send_command('terminate.shutdown');
        last;
    } elsif ($event eq 'error' || $event eq 'warning') {
        print STDERR "$event $name\n";
    }
}
