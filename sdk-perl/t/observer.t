# Who does not handle signals says so, and says it in time when that changes.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use Test::More;
use FakeDaemon;

sub heard { [$_[0]->heard] }

subtest 'until there is a handler for signals' => sub {
    my $daemon = FakeDaemon->new(observer => 'auto');
    my $conn = $daemon->conn;
    is_deeply heard($daemon), ['conn.features observer'];
    $conn->on('service.state' => sub { });
    is_deeply heard($daemon), [], 'another event is no reason';
    my $first = $conn->on(signal => sub { });
    is_deeply heard($daemon), ['conn.features'];
    my $second = $conn->on('*' => sub { });
    $conn->off($first);
    is_deeply heard($daemon), [], 'there is still one';
    $conn->off($second);
    is_deeply heard($daemon), ['conn.features observer'];
};

subtest 'always, never' => sub {
    my $daemon = FakeDaemon->new(observer => 1);
    $daemon->conn->on(signal => sub { });
    is_deeply heard($daemon), ['conn.features observer'];
    $daemon = FakeDaemon->new(observer => 0);
    $daemon->conn->on(signal => sub { });
    is_deeply heard($daemon), [];
};

subtest 'a daemon that does not know of it' => sub {
    my $daemon = FakeDaemon->new(observer => 'auto');
    my $conn = $daemon->conn;
    my @errors;
    $conn->on(error => sub { push @errors, $_[1] });
    my $command = $conn->service_start('web');
    $daemon->say("error\tUnknown command: conn.features", $daemon->word(1));
    ok $command->wait, 'nobody is told';
    is_deeply \@errors, [];
};

done_testing;
