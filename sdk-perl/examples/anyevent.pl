#!/usr/bin/env perl
# Starts services that have the tag "restart" whenever they are down, in the loop of AnyEvent.
#
#     anyevent.pl SOCKET
use 5.014;
use strict;
use warnings;
use AnyEvent;
use Daemonproxy;

my $conn = Daemonproxy->connect($ARGV[0]);
my $done = AnyEvent->condvar;

my $reader = AnyEvent->io(fh => $conn->fileno, poll => 'r', cb => sub { $conn->on_readable });
my $writer;
$conn->on(want_write => sub {
    $writer = $_[1] ? AnyEvent->io(fh => $conn->wr_fileno, poll => 'w', cb => sub { $conn->on_writable }) : undef;
});
$conn->on(closed => sub { undef $reader; $done->send });

sub restart {
    my ($service) = @_;
    $service->start if $service->is_down && $service->tag_values('restart');
}
$conn->on('service.state' => sub { restart($conn->service($_[1])) });
$conn->on('service.tags'  => sub { restart($conn->service($_[1])) });
$conn->on(error => sub { warn "$_[1]\n" });

$conn->start_resync;
$done->recv;
