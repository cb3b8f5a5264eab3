# A controller that does not handle signals says so, and says so in time when that changes.
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
    is_deeply heard($daemon), [], 'a script that has not read yet may still be adding handlers';
    $conn->pump_events;
    is_deeply heard($daemon), ['conn.features observer'];
    $conn->on('service.state' => sub { });
    $conn->on('*' => sub { });
    $conn->on('signal', { signal => 'HUP' }, sub { });
    is_deeply heard($daemon), [], 'these are no reason';
    my $first = $conn->on(signal => sub { });
    is_deeply heard($daemon), ['conn.features'];
    my $second = $conn->on('signal', { signal => 'INT' }, sub { });
    $conn->off($first);
    is_deeply heard($daemon), [], 'there is still one';
    $conn->off($second);
    is_deeply heard($daemon), ['conn.features observer'];
};

subtest 'always, never' => sub {
    my $daemon = FakeDaemon->new(observer => 1);
    $daemon->conn->on(signal => sub { });
    $daemon->conn->pump_events;
    is_deeply heard($daemon), ['conn.features observer'];
    $daemon = FakeDaemon->new(observer => 0);
    $daemon->conn->on(signal => sub { });
    $daemon->conn->pump_events;
    is_deeply heard($daemon), [];
};

subtest 'a script that has its handlers before it reads' => sub {
    my $daemon = FakeDaemon->new(observer => 'auto');
    $daemon->conn->on(signal => sub { });
    $daemon->conn->pump_events;
    is_deeply heard($daemon), [], 'never was an observer';
};

subtest 'a script that wants more keeps it' => sub {
    my $daemon = FakeDaemon->new(observer => 'auto');
    my $conn = $daemon->conn;
    $conn->conn_features('settings', 'runs');
    is_deeply heard($daemon), ['conn.features runs settings'];
    $conn->pump_events;
    is_deeply heard($daemon), ['conn.features observer runs settings'];
    $conn->conn_features;
    is_deeply heard($daemon), ['conn.features observer'];
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
