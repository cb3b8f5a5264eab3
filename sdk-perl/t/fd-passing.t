# Open files over unix sockets.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use Socket;
use Test::More;
use TestDaemon;
use Daemonproxy::Daemon;
use Daemonproxy::FdPassing qw(send_fd recv_fd is_possible);

if (!is_possible()) {
    ok !eval { send_fd(0, 'x', 0); 1 };
    isa_ok $@, 'Daemonproxy::Error::System', 'says that it cannot';
    done_testing;
    exit;
}

subtest 'there and back' => sub {
    socketpair my $here, my $there, AF_UNIX, SOCK_STREAM, PF_UNSPEC or die "socketpair: $!";
    pipe my $reader, my $writer or die "pipe: $!";
    send_fd($here, "take it\n", $writer);
    my ($bytes, $handle) = recv_fd($there);
    is $bytes, "take it\n";
    close $writer;
    syswrite $handle, 'through';
    close $handle;
    is do { local $/; <$reader> }, 'through', 'it is the same pipe';
    syswrite $here, 'bytes alone';
    is_deeply [recv_fd($there)], ['bytes alone', undef];
    close $here;
    is((recv_fd($there))[0], '', 'the end');
};

subtest 'the daemon takes it' => sub {
    TestDaemon::binary() or plan skip_all => 'there is no daemonproxy';
    $ENV{DAEMONPROXY} = TestDaemon::binary();
    my $dir = TestDaemon::scratch();
    my $daemon = Daemonproxy::Daemon->spawn(socket => "$dir/control", log => TestDaemon::log_handle());
    my $conn = $daemon->connect;
    pipe my $reader, my $writer or die "pipe: $!";
    $conn->fd('out')->take($writer)->check;
    close $writer;
    ok $conn->fd('out'), 'under its name';
    my $job = $conn->service('job');
    $job->set_args('echo', 'hello');
    $job->set_fds('null', 'out', 'null');
    $job->start->check;
    is scalar(<$reader>), "hello\n", 'and gives it to a service';
    ok !$conn->fd_take('none')->wait, 'without a descriptor it is refused';
    $conn->fd_take('void', $reader);
    $conn->flush;
    ok $conn->fd('void'), 'in void context, too';
    open my $file, '<', $0 or die "$0: $!";
    $conn->fd_take("f$_", $file) for 1 .. 50;
    $conn->flush;
    is scalar(grep { /\Af[0-9]+\z/ } $conn->fd_name_list), 50, 'many in a row, each with its own line';
    ok !eval { send_fd(fileno($reader), "x\n", $file); 1 };
    isa_ok $@, 'Daemonproxy::Error::System', 'not over what is no socket';
};

done_testing;
