#!/usr/bin/env perl
# Starts services that have the tag "restart" whenever they are down, in the loop of IO::Async.
#
#     io-async.pl SOCKET
use 5.014;
use strict;
use warnings;
use Daemonproxy;
use IO::Async::Handle;
use IO::Async::Loop;

my $conn = Daemonproxy->connect($ARGV[0]);
my $loop = IO::Async::Loop->new;

my $handle = IO::Async::Handle->new(
    handle         => $conn->rd_handle,
    on_read_ready  => sub { $conn->on_readable },
    on_write_ready => sub { $conn->on_writable },
    want_writeready => 0,
);
$conn->on(want_write => sub { $handle->want_writeready($_[1]) });
$conn->on(closed     => sub { $loop->stop });
$loop->add($handle);

sub restart {
    my ($service) = @_;
    $service->start if $service->is_down && $service->tag_values('restart');
}
$conn->on('service.state' => sub { restart($conn->service($_[1])) });
$conn->on('service.tags'  => sub { restart($conn->service($_[1])) });
$conn->on(error => sub { warn "$_[1]\n" });

$conn->start_resync;
$loop->run;
