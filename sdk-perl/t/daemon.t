# With a real daemon: what the other tests only simulate.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use Test::More;
use TestDaemon;
use Daemonproxy::Daemon;
use Daemonproxy::Grammar;

TestDaemon::need();

subtest 'a life of a service' => sub {
    my $conn = TestDaemon::spawn();
    $conn->sync;
    ok $conn->fd('null'), 'what there always is';
    my $job = $conn->service('job');
    ok !$job;
    $job->set_args('sh', '-c', 'exit 42')->check;
    ok $job;
    $job->start->check;
    $job->wait_for('down');
    is_deeply [$job->exit_reason, $job->exit_value], ['exit', 42];
    $job->set_args('sleep', '100')->check;
    $job->start->check;
    ok $job->is_running, 'start runs at once';
    ok kill(0, $job->pid), 'under this pid';
    $job->signal('KILL')->check;
    $job->wait_for('down');
    is_deeply [$job->exit_reason, $job->exit_value], ['signal', 'SIGKILL'];
    $job->delete->check;
    ok !$job;
    my $start = $job->start;
    ok !$start->wait;
    is $start->error->name, 'NoSuchService';
    $conn->exit->check;
    is $conn->daemon->wait(10), 0;
};

subtest 'tags, triggers, pipes' => sub {
    my $conn = TestDaemon::spawn();
    my $web = $conn->service('web');
    $web->set_tags({ role => 'front', caf => "\xc3\xa9" })->check;
    $web->set_tag_values(role => undef, x => 1);
    $web->set_tag_values(y => 2)->check;
    is_deeply $web->tags, ["caf=\xc3\xa9", 'x=1', 'y=2'];
    $web->apply_tags('-x', 'z')->check;
    is $web->tag_values('x'), undef;
    is $web->tag_values('z'), 1;
    $conn->fd('log.w')->open_pipe_to('log.r')->check;
    is $conn->fd('log.r')->description, 'log.w';
    $web->set_auto_up(7, 'always', 'HUP')->check;
    is $web->auto_up_interval, 7;
    is_deeply [$web->auto_up_triggers], ['always', 'SIGHUP'];
    my $odd = $web->set_fds('null', 'nowhere');
    ok $odd->wait;
    is_deeply [$odd->warnings], ['fd "nowhere" is not yet defined'];
    is $conn->log_filter('warning')->check->answer, 'warning';
};

subtest 'settings of the daemon' => sub {
    my $conn = TestDaemon::spawn();
    $conn->conn_features('settings')->check;
    $conn->env('TZ=UTC')->check;
    $conn->log_dest('fd', 'stdout')->check;
    $conn->reset;
    is_deeply [grep { $_->[0] eq 'log.dest' } @{ $conn->settings }], [['log.dest', 'fd', 'stdout']];
    is_deeply $conn->environment, ['TZ=UTC'];
};

subtest 'every command is known to the daemon' => sub {
    my $conn = TestDaemon::spawn();
    for my $name (map { $_->{name} } @Daemonproxy::Grammar::COMMANDS) {
        next if $name =~ /\A(?:exit|terminate|terminate\.shutdown)\z/;
        my $command = $conn->begin_cmd($name);
        $command->wait;
        unlike(($command->error ? $command->error->reason : ''), qr/Unknown command/, $name);
    }
};

subtest 'signals' => sub {
    my $conn = TestDaemon::spawn();
    $conn->sync;
    $conn->daemon->kill('USR1');
    my ($signal, $at, $count) = $conn->wait_for_event('signal');
    is_deeply [$signal, $count], ['SIGUSR1', 1];
    is $conn->pending_signal('USR1'), 1;
    $conn->signal_clear('USR1', 1)->check;
    is $conn->pending_signal('USR1'), 0;
    $conn->reset;
    is $conn->pending_signal('USR1'), 0, 'the daemon says so, too';
};

subtest 'two controllers' => sub {
    my $daemon = Daemonproxy::Daemon->spawn(socket => TestDaemon::scratch() . '/control', log => TestDaemon::log_handle());
    my ($one, $other) = map { $daemon->connect } 1, 2;
    $_->sync for $one, $other;
    $one->service('web')->set_args('x')->check;
    ok $other->wait_for(sub { $other->service('web') }), 'each hears of what the other does';
    $one->exit->check;
    ok $one->wait_for(sub { $one->is_closed }), 'it has left';
    $other->flush;
};

subtest 'a start that fails later' => sub {
    my $conn = TestDaemon::spawn();
    my @errors;
    $conn->on(error => sub { push @errors, Daemonproxy::Error->from_event($_[1]) });
    my $job = $conn->service('job');
    $job->set_args('/does/not/exist')->check;
    ok $job->start->wait, 'the command as such is carried out';
    $job->wait_for('down');
    $conn->wait_for(sub { @errors });
    is $errors[0]->service, 'job';
    is $job->exit_value, 127;
};

subtest 'the end' => sub {
    my $conn = TestDaemon::spawn();
    $conn->service('a')->set_args('sleep', 100);
    $conn->service('a')->start->check;
    my $pid = $conn->service('a')->pid;
    my @told;
    $conn->on('terminate.state' => sub { push @told, $_[1] });
    $conn->terminate_shutdown(5, 5, 5)->check;
    $conn->wait_for(sub { $conn->is_closed });
    is_deeply [@told[0, -1]], ['stopping', 'flushing'];
    is $conn->daemon->wait(10), 0;
    ok !kill(0, $pid), 'with all services';
    my $other = TestDaemon::spawn();
    $other->terminate(7)->wait;
    is $other->daemon->wait(10) >> 8, 7;
};

subtest 'SIGTERM while only an observer is there' => sub {
    my $conn = TestDaemon::spawn();
    $conn->sync;
    $conn->daemon->kill('TERM');
    $conn->wait_for(sub { $conn->is_closed });
    is $conn->daemon->wait(10), 0, 'an orderly end';
    my $listener = TestDaemon::spawn();
    my $got;
    $listener->on('signal', { signal => 'TERM' }, sub { $got = $_[1]{count} });
    $listener->sync;
    $listener->daemon->kill('TERM');
    $listener->wait_for(sub { $got });
    $listener->flush;
    ok !$listener->is_closed, 'a handler for signals decides';
    $listener->signal_clear('TERM', $got);
};

subtest 'what cannot be reached' => sub {
    ok !eval { Daemonproxy::Protocol->connect('/does/not/exist'); 1 };
    isa_ok $@, 'Daemonproxy::Error::System';
    ok !eval { Daemonproxy::Protocol->spawn(binary => '/does/not/exist'); 1 };
    isa_ok $@, 'Daemonproxy::Error::System';
    like $@, qr/No such file/;
};

done_testing;
