#!perl -T
# Under taint checks.
use 5.014;
use strict;
use warnings;
use lib 'lib', 't/lib';
use Scalar::Util qw(tainted);
use Test::More;
use FakeDaemon;

ok ${^TAINT}, 'taint checks are on';
my $tainted = substr $0 . $ENV{PATH}, 0, 0;

my $daemon = FakeDaemon->new;
my $conn = $daemon->conn;
ok tainted($tainted), 'what comes from outside is tainted';
$daemon->say("service.state\tweb\tup\t1\t2\t-\t-\t0\t-", "service.args\tweb\tx", "fd.state\tlog\tfile\tread\t/x", "word");
my $seen = 0;
$conn->on('service.state' => sub { $seen++ });
$conn->pump_events;
is $seen, 1;
ok $conn->service("web$tainted")->is_running, 'a tainted name';
ok tainted($conn->service('web')->pid), 'what the daemon says is tainted';
my $command = $conn->service_args('web', "x$tainted");
$daemon->say($daemon->word(1));
ok $command->wait, 'tainted arguments are for the daemon to judge';
$conn->after(0, sub { $_[0]->stop });
$conn->run;

SKIP: {
    require TestDaemon;
    my $binary = TestDaemon::binary() or skip 'there is no daemonproxy', 1;
    ($binary) = $binary =~ /(.*)/s;
    local $ENV{PATH} = '/usr/bin:/bin';
    delete local @ENV{qw(IFS CDPATH ENV BASH_ENV)};
    my $spawned = Daemonproxy::Protocol->spawn(binary => $binary, log => TestDaemon::log_handle());
    ok $spawned->sync, 'spawned, with a clean PATH';
    require Daemonproxy::FdPassing;
    if (Daemonproxy::FdPassing::is_possible()) {
        socketpair my $here, my $there, Socket::AF_UNIX(), Socket::SOCK_STREAM(), 0 or die "socketpair: $!";
        ok Daemonproxy::FdPassing::send_fd($here, "x\n", $there), 'passed';
        is((Daemonproxy::FdPassing::recv_fd($there))[0], "x\n");
    }
}

done_testing;
