# dpls, dpok, dpstat, dphup and dpctl.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use RunExample;
use Test::More;
use TestDaemon;
use Daemonproxy::Daemon;

TestDaemon::need();

my $socket = TestDaemon::scratch() . '/control';
my $daemon = Daemonproxy::Daemon->spawn(socket => $socket, log => TestDaemon::log_handle());
my $conn = $daemon->connect;
$conn->service('web')->set_args('sleep', '1000');
$conn->service('web')->set_tags('role=front');
$conn->service('job')->set_args('sh', '-c', 'exit 3');
$conn->service('job')->set_fds('null', '-', 'stderr');
$conn->sync;

$ENV{DAEMONPROXY_SOCKET} = $socket;
sub status { (run_example(@_))[0] }
sub output { (run_example(@_))[1] }

is output('dpls', '-q'), "job\nweb\n";
like output('dpls', 'w*'), qr/\Aweb +down, never started\n\z/;
is status('dpls', 'nothing'), 111, 'no such service';
is status('dpok', 'web'), 100, 'not up';
is status('dpctl', 'up', 'web'), 0;
$conn->flush;
my $web = $conn->service('web');
ok $web->is_running;
is_deeply [$web->auto_up_triggers], ['always'];
is status('dpok', 'web'), 0;
is status('dpok', '-u', '1000', 'web'), 100, 'not for so long';
is status('dpok', 'web', 'job'), 100, 'not both';
like output('dpls', 'web'), qr/up \d+ s, pid ${\ $web->pid}\n/;
my ($status, $text) = run_example('dpstat', 'web', 'job');
is $status, 100;
like $text, qr/args: sleep 1000\n.*tags: role=front\n.*started by: always/s;
like $text, qr/args: sh -c 'exit 3'\n    fd 0: null \(special read,write \/dev\/null\)\n    fd 1: - \(closed\)\n/;

is status('dpctl', 'once', 'job'), 0;
$conn->service('job')->wait_for('down');
like output('dpls', 'job'), qr/down \d+ s, exit 3/;

my $pid = $web->pid;
is status('dpctl', 'restart', 'web'), 0;
$conn->flush;
ok $web->is_running && $web->pid != $pid, 'restarted';
is_deeply [$web->auto_up_triggers], ['always'], 'as it was before';
$pid = $web->pid;
is status('dphup', 'web'), 0;
$conn->wait_for(sub { $web->is_running && $web->pid != $pid });
pass 'sleep does not survive SIGHUP, and is started again';

is status('dpctl', 'down', '*'), 0;
$conn->flush;
ok !$web->is_running && !$web->auto_up_triggers, 'down, and stays so';
is status('dpctl', 'forget', 'job'), 0;
$conn->flush;
ok !$conn->service('job');
is status('dpctl', 'hup', 'web'), 111, 'it does not run';
is status('dpctl', 'dance', 'web'), 111;
is status('dpls', '-s', '/does/not/exist'), 111;

is status('dphup'), 0, 'the daemon itself';
$conn->wait_for(sub { $conn->pending_signal('HUP') });
pass 'and its controllers hear of it';

done_testing;
