# The interface that scripts for the original module use.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use Test::More;
use FakeDaemon;

my $daemon = FakeDaemon->new;
my $conn = $daemon->conn;

can_ok 'Daemonproxy::Protocol', qw(new state pending_commands service svc file_descriptor fd services service_names file_descriptors
    fds file_descriptor_names fd_names service_list service_name_list file_descriptor_list fd_list file_descriptor_name_list
    fd_name_list pump_events process_event send begin_cmd reset flush sync);
can_ok 'Daemonproxy::Protocol::Service', qw(conn name exists state pid exit_reason exit_value is_running is_starting is_reaped
    arguments args file_descriptors fds tags arg_list fd_list tag_list set_arguments set_args set_file_descriptors set_fds
    set_tags tag_values set_tag_values start delete signal signal_pgroup);
can_ok 'Daemonproxy::Protocol::FileDescriptor', qw(conn name exists type flags description is_pipe is_file is_special open_file
    open_pipe_to open_pipe_from delete);
can_ok 'Daemonproxy::Protocol::Command', qw(conn command args complete wait);

sub sent_by(&) { my $code = shift; $code->(); return [$daemon->heard] }

subtest 'services' => sub {
    my $web = $conn->svc('web');
    ok !$web && !$web->exists, 'an object, but no service';
    is "$web", 'web';
    is $web->conn, $conn;
    is_deeply [$web->state, $web->pid, $web->exit_reason], [undef, undef, undef];
    is_deeply [$web->arg_list, @{ $web->tags }], [];
    $daemon->say("service.args\tweb\thttpd\t-p\t80", "service.tags\tweb\trole=front\tcritical\tempty=");
    $conn->pump_events;
    ok $web, 'the same object, and now there is one';
    is $web->state, 'down';
    ok !$web->is_running && !$web->is_starting && !$web->is_reaped, 'never started';
    is_deeply $web->args, ['httpd', '-p', '80'];
    is_deeply [$web->arg_list], $web->arguments;
    is_deeply $conn->service_names, ['web'];
    is_deeply [$conn->service_name_list], ['web'];
    is $conn->services->[0]->name, 'web';
    ok $conn->service('web') == $web, 'the same service';

    for my $case (
        ['start', '1042', '-', '-', '-', '-', '-', sub { $web->is_starting && !defined $web->pid }],
        ['up', '1042', '7', '-', '-', '0', '-', sub { $web->is_running && $web->pid == 7 }],
        ['down', '1050', '7', 'exit', '3', '8', '0', sub { $web->is_reaped && $web->exit_reason eq 'exit' && $web->exit_value == 3 }],
        ['down', '1050', '7', 'signal', 'SIGTERM', '8', '0', sub { $web->is_reaped && $web->exit_reason eq 'signal' && $web->exit_value eq 'SIGTERM' }],
    ) {
        my ($check, @fields) = (pop @$case, @$case);
        $daemon->say(join "\t", 'service.state', 'web', @fields);
        $conn->pump_events;
        is $web->state, $fields[0];
        ok $check->(), "@fields";
    }

    is $web->tag_values('role'), 'front';
    is $web->tag_values('critical'), 1, 'a bare tag';
    is $web->tag_values('empty'), '', 'an empty value';
    is $web->tag_values('none'), undef;
    is_deeply [$web->tag_values('role', 'none', 'empty')], ['front', undef, ''], 'a list';
    is_deeply $web->tag_values(['role']), ['front'], 'an array reference';

    is_deeply sent_by { $web->set_args('a', 'b c') }, ["service.args web a b c"];
    is_deeply sent_by { $web->args(['a']) }, ['service.args web a'];
    is_deeply sent_by { $web->fds('null', '-') }, ['service.fds web null -'];
    is_deeply sent_by { $web->set_fds([]) }, ['service.fds web'];
    is_deeply sent_by { $web->set_tags({ b => 2, a => 1, c => undef }) }, ['service.tags web a=1 b=2'];
    is_deeply sent_by { $web->tags('x', 'y=1') }, ['service.tags web x y=1'];
    is_deeply sent_by { $web->start }, ['service.start web'];
    is_deeply sent_by { $web->signal('HUP') }, ['service.signal web HUP'];
    is_deeply sent_by { $web->signal_pgroup('TERM') }, ['service.signal web TERM group'];
    is_deeply sent_by { $web->delete }, ['service.delete web'];
    isa_ok scalar($web->start), 'Daemonproxy::Protocol::Command';
    $daemon->heard;
};

subtest 'merging tags' => sub {
    my $daemon = FakeDaemon->new;
    my $web = $daemon->conn->svc('web');
    $daemon->say("service.tags\tweb\ta=1\tb\tc=3");
    $daemon->conn->pump_events;
    $web->set_tag_values(b => 2, c => undef, d => '');
    is_deeply [$daemon->heard], ['service.tags web a=1 b=2 d='];
    $daemon->say("service.tags\tweb\ta=1\tb=2\td=", $daemon->word(1));
    $web->set_tag_values(a => undef);
    is_deeply [$daemon->heard], ['echo ' . $daemon->word(1), 'service.tags web b=2 d='], 'the second knows of the first';
};

subtest 'file descriptors' => sub {
    my $log = $conn->fd('log.w');
    ok !$log;
    $daemon->say("fd.state\tlog.w\tpipe\tto\tlog.r", "fd.state\tx\tfile\tread\t/x", "fd.state\tnull\tspecial\tread,write\t/dev/null");
    $conn->pump_events;
    ok $log && $log->is_pipe && !$log->is_file;
    ok $conn->fd('x')->is_file && $conn->fd('null')->is_special;
    is_deeply [$log->type, $log->flags, $log->description], ['pipe', 'to', 'log.r'];
    is_deeply $conn->fd_names, ['log.w', 'null', 'x'];
    is_deeply [map { $_->name } $conn->fd_list], [$conn->fd_name_list];

    is_deeply sent_by { $log->open_file('/a b', 'write,append') }, ['fd.open log.w write,append /a b'];
    is_deeply sent_by { $log->open_file('/x', ['append', 'write']) }, ['fd.open log.w write,append /x'];
    is_deeply sent_by { $log->open_file('/x', { create => 1, write => 1, read => 0 }) }, ['fd.open log.w write,create /x'];
    is_deeply sent_by { $log->open_file('/x') }, ['fd.open log.w - /x'];
    ok !eval { $log->open_file('/x', 'write,sync'); 1 };
    like $@, qr/`sync`/, 'checked';
    is_deeply sent_by { $log->open_pipe_to('log.r') }, ['fd.pipe log.r log.w'];
    is_deeply sent_by { $log->open_pipe_to($conn->fd('r')) }, ['fd.pipe r log.w'], 'an object';
    is_deeply sent_by { $conn->fd('r')->open_pipe_from($log) }, ['fd.pipe r log.w'];
    is_deeply sent_by { $log->delete }, ['fd.delete log.w'];
};

subtest 'handles of all kinds' => sub {
    pipe my $in, my $in_w or die $!;
    pipe my $out_r, my $out or die $!;
    binmode $in,  ':encoding(UTF-8)';
    binmode $out, ':encoding(UTF-8)';
    my $conn = Daemonproxy::Protocol->new({ rd_handle => $in, wr_handle => $out, observer => 0 });
    syswrite $in_w, "info\tcaf\xc3\xa9 \xff\n";
    my $text;
    $conn->on(info => sub { $text = $_[1] });
    $conn->pump_events;
    is $text, "caf\xc3\xa9 \xff", 'bytes, whatever layers the handle has';
    $conn->send('echo', "\xc3\xa9");
    sysread $out_r, my $bytes, 100;
    is $bytes, "echo\t\xc3\xa9\n";
    is_deeply [grep { /encoding/ } PerlIO::get_layers($in)], [grep { /encoding/ } PerlIO::get_layers($out)], 'and they stay';
    ok !eval { Daemonproxy::Protocol->new(rd_handle => $in)->send('statedump'); 1 };
    isa_ok $@, 'Daemonproxy::Error::Usage', 'without a wr_handle nothing can be sent';
};

done_testing;
