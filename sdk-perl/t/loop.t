# The run loop, and the hooks for other loops.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use Scalar::Util ();
use Test::More;
use FakeDaemon;
use Daemonproxy::Loop;

subtest 'events and timers' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my @order;
    $conn->on(info => sub { push @order, $_[1]; $_[0]->stop if $_[1] eq 'last' });
    $conn->after(0.02, sub { push @order, 'later'; $daemon->say("info\tlast") });
    $conn->after(0, sub { push @order, 'timer' });
    my $cancelled = $conn->after(0, sub { push @order, 'never' });
    $conn->loop->cancel($cancelled);
    $daemon->say("info\tfirst");
    $conn->run;
    is_deeply \@order, ['first', 'timer', 'later', 'last'];
};

subtest 'again and again' => sub {
    my $loop = Daemonproxy::Loop->new;
    my $count = 0;
    my $timer;
    $timer = $loop->every(0.001, sub { $loop->cancel($timer) if ++$count == 3 });
    $loop->run;
    is $count, 3, 'and the loop ends when nothing is left';
};

subtest 'until' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    $daemon->say("service.args\tweb\tx");
    ok $conn->run(until => sub { $conn->service('web') });
    $daemon->close;
    ok !$conn->run(until => sub { 0 }), 'it ends with the connection';
};

subtest 'other handles' => sub {
    my $loop = Daemonproxy::Loop->new;
    pipe my $in, my $out or die $!;
    my @got;
    $loop->watch($out, writable => sub { syswrite $_[0], 'x'; $loop->watch($_[0]) });
    $loop->watch($in, readable => sub { sysread $_[0], my $bytes, 10; push @got, $bytes; $loop->watch($_[0]) });
    $loop->run;
    is_deeply \@got, ['x'];
};

subtest 'two connections' => sub {
    my @daemons = map { FakeDaemon->new } 1, 2;
    my $loop = Daemonproxy::Loop->new;
    my @got;
    for my $daemon (@daemons) {
        $loop->add($daemon->conn);
        $daemon->conn->on(info => sub { push @got, $_[1] });
    }
    $daemons[$_]->say("info\t$_") for 0, 1;
    $loop->run(until => sub { @got == 2 });
    is_deeply [sort @got], [0, 1];
    $loop->remove($daemons[0]->conn);
    $daemons[1]->close;
    $loop->run;
    pass 'ends when the last has ended';
};

subtest 'what waits to be written' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my @want;
    $conn->on(want_write => sub { push @want, $_[1] });
    is $conn->want_write, 0;
    my $sent = 0;
    until ($conn->want_write) { $conn->send('echo', 'x' x 1000); $sent++ }
    is_deeply \@want, [1], 'told once';
    $conn->send('echo', 'end');
    my @lines;
    until (grep { /end/ } @lines) {
        push @lines, $daemon->heard;
        $conn->on_writable;
    }
    is scalar(grep { /x/ } @lines), $sent, 'nothing is lost';
    is_deeply \@want, [1, 0];
    is $conn->fileno, $conn->wr_fileno, 'one socket';
};

subtest 'who only writes has to wait' => sub {
    my $daemon = FakeDaemon->new(timeout => 0.05);
    my $conn = $daemon->conn;
    ok !eval { $conn->send('echo', 'x' x 1000) for 1 .. 10000; 1 };
    isa_ok $@, 'Daemonproxy::Error::Timeout';
};

subtest 'a connection goes away with its last user' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = delete $daemon->{conn};
    $conn->after(0, sub { $_[0]->stop });
    $conn->run;
    $conn->start_resync;
    $daemon->say($daemon->word(1), "signal\tSIGHUP\t1\t1", $daemon->word(2));
    $conn->pump_events;
    Scalar::Util::weaken(my $seen = $conn);
    undef $conn;
    ok !defined $seen;
};

subtest 'run with a limit of time' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    $conn->every(0.01, sub { });
    my $begin = Daemonproxy::Stream::now();
    ok !$conn->run(timeout => 0.2, until => sub { 0 }), 'ends, and the condition did not hold';
    cmp_ok Daemonproxy::Stream::now() - $begin, '>=', 0.2;
};

done_testing;
