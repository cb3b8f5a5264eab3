# The example that ends a daemon in good order.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use RunExample;
use Test::More;
use TestDaemon;
use Daemonproxy::Daemon;

TestDaemon::need();

sub daemon {
    my $dir = TestDaemon::scratch();
    my $daemon = Daemonproxy::Daemon->spawn(socket => "$dir/control", log => TestDaemon::log_handle());
    return ($daemon, $daemon->connect, $dir);
}

# A writer that says it is ready, and when it is asked to end.
my $WRITER = 'trap "echo last words; exit 0" TERM; echo ready; while :; do sleep 0.01; done';

subtest 'loggers come last and read everything' => sub {
    my ($daemon, $conn, $dir) = daemon();
    $conn->fd('log.w')->open_pipe_to('log.r');
    $conn->fd('file')->open_file("$dir/log", 'write,create');
    $conn->service('a-logger')->set_args('cat');
    $conn->service('a-logger')->set_fds('log.r', 'file', 'null');
    $conn->service('writer')->set_args('sh', '-c', $WRITER);
    $conn->service('writer')->set_fds('null', 'log.w', 'null');
    $_->set_auto_up(1, 'always') for $conn->service('a-logger'), $conn->service('writer');
    $conn->flush;
    $conn->flush until -s "$dir/log";    # the writer is ready: its trap is set
    my @order;
    $conn->on('service.state' => sub { push @order, $_[1] if $_[2] eq 'down' });
    my ($status, $out, $err) = run_example('clean-shutdown.pl', "$dir/control", 20, 5);
    is $status, 0 or diag $err;
    is $daemon->wait(10), 0, 'and so ends the daemon';
    $conn->pump_events;
    is_deeply \@order, ['writer', 'a-logger'];
    is $conn->service('a-logger')->exit_reason, 'exit', 'the logger has ended by itself';
    open my $log, '<', "$dir/log" or die $!;
    is join('', <$log>), "ready\nlast words\n";
};

subtest 'what does not listen is killed' => sub {
    my ($daemon, $conn, $dir) = daemon();
    $conn->fd('out')->open_file("$dir/out", 'write,create');
    my $deaf = $conn->service('deaf');
    $deaf->set_args('sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 0.01; done');
    $deaf->set_fds('null', 'out', 'null');
    $deaf->start->check;
    $conn->flush until -s "$dir/out";
    my ($status, $out, $err) = run_example('clean-shutdown.pl', "$dir/control", 0.2, 10);
    is $status, 10;
    is $err, "killed: deaf\n";
    is $daemon->wait(10) >> 8, 10;
};

subtest 'with the guard on' => sub {
    my ($daemon, $conn, $dir) = daemon();
    $conn->terminate_exec_args('sh', '-c', 'exit 42')->check;
    $conn->terminate_guard('+', 4242)->check;
    my ($status, $out, $err) = run_example('clean-shutdown.pl', "$dir/control");
    isnt $status, 0;
    like $err, qr/guard code required/;
    ($status) = run_example('clean-shutdown.pl', '-g', 4242, "$dir/control");
    is $status, 0;
    is $daemon->wait(10) >> 8, 42;
};

done_testing;
