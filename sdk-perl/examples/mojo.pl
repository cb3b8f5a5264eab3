#!/usr/bin/env perl
# Starts services that have the tag "restart" whenever they are down, in the loop of Mojolicious.
#
#     mojo.pl SOCKET
use 5.014;
use strict;
use warnings;
use Daemonproxy;
use Mojo::IOLoop;

my $conn = Daemonproxy->connect($ARGV[0]);
my $reactor = Mojo::IOLoop->singleton->reactor;
my $handle = $conn->rd_handle;

$reactor->io($handle => sub {
    my ($reactor, $writable) = @_;
    return $writable ? $conn->on_writable : $conn->on_readable;
});
$reactor->watch($handle, 1, 0);
$conn->on(want_write => sub { $reactor->watch($handle, 1, $_[1]) });
$conn->on(closed => sub { $reactor->remove($handle); Mojo::IOLoop->stop });

sub restart {
    my ($service) = @_;
    $service->start if $service->is_down && $service->tag_values('restart');
}
$conn->on('service.state' => sub { restart($conn->service($_[1])) });
$conn->on('service.tags'  => sub { restart($conn->service($_[1])) });
$conn->on(error => sub { warn "$_[1]\n" });

$conn->start_resync;
Mojo::IOLoop->start;
