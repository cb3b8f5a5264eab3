#!/usr/bin/env perl
# Switches off a service that has failed three times in a row: giveup.py, with the library for Perl.
use Daemonproxy;

my $ctl = Daemonproxy->controller;
my (%seen, %failures);
$ctl->on('service.state' => sub {
    my (undef, $name, $state, undef, $pid, $reason, $value, $uptime) = @_;
    return if $state ne 'down' || !defined $reason || ($seen{$name} || 0) == $pid;    # no run has ended
    return if $ctl->shutdown_state;    # everything ends
    $seen{$name} = $pid;
    $failures{$name} = $uptime < 10 ? ($failures{$name} || 0) + 1 : 0;
    print STDERR "$name has ended: $reason $value\n";
    if ($failures{$name} == 3) {
        print STDERR "$name does not work, I switch it off\n";
        $ctl->service($name)->set_auto_up('-');
        $ctl->service($name)->cancel;
    }
});
$ctl->sync;
$ctl->run;
