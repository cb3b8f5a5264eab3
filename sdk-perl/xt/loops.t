# The examples for other event loops, each run against a real daemon.
use 5.014;
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../t/lib";
use Test::More;
use TestDaemon;
use Daemonproxy::Daemon;

TestDaemon::need();

for my $case (['io-async.pl', 'IO::Async::Loop'], ['anyevent.pl', 'AnyEvent'], ['mojo.pl', 'Mojo::IOLoop']) {
    my ($example, $module) = @$case;
    subtest $example => sub {
        eval "require $module; 1" or plan skip_all => "$module is not installed";
        my $socket = TestDaemon::scratch() . '/control';
        my $daemon = Daemonproxy::Daemon->spawn(socket => $socket, log => TestDaemon::log_handle());
        my $conn = $daemon->connect;
        my $before = $conn->service('before');
        $before->set_args('cat');
        $before->set_tags('restart')->check;
        $conn->service('plain')->set_args('cat')->check;

        # The example is a service, as a controller is.
        my $program = $conn->service('example');
        $program->set_args($^X, "-I$FindBin::Bin/../lib", "$FindBin::Bin/../examples/$example", $socket);
        $program->set_fds('null', 'stderr', 'stderr');
        $conn->fd('r')->open_pipe_from('w')->check;
        $_->set_fds('r', 'null', 'null') for $before, $conn->service('plain');
        $program->start->check;
        ok $before->wait_for('up', 30), 'it learns what was there and starts it';
        my $pid = $before->pid;
        $before->signal('KILL')->check;
        ok $conn->wait_for(sub { $before->is_running && $before->pid != $pid }, 30), 'and starts it again';
        ok !$conn->service('plain')->is_running, 'but only that';

        # More than fits at once, in both directions.
        for my $number (1 .. 200) {
            my $service = $conn->service("many-$number");
            $service->set_args('true');
            $service->set_tags('restart', 'x' x 1000);
            $service->set_auto_up('-');
            $service->set_tags('none') if $number % 2;
        }
        ok $conn->flush(30), 'it keeps up';
        ok $conn->wait_for(sub { $conn->service('many-200')->is_reaped }, 30);
        ok $program->is_running;
        # It ends with the connection.
        $program->signal('CONT')->check;
    };
}

done_testing;
