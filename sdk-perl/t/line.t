# Single lines: written, parsed, checked.
use 5.014;
use strict;
use warnings;
use Test::More;
use Daemonproxy::Line qw(join_fields check_command check_event parse_command parse_event is_name signal_name);

is join_fields('service.args', 'web', 'a b', ''), "service.args\tweb\ta b\t", 'fields are joined by TABs';
is join_fields('echo', "\xff\x80"), "echo\t\xff\x80", 'any byte from 0x20 on is fine';

for my $case (["a\nb", qr/0x0a/], ["a\tb", qr/0x09/], ["\0", qr/0x00/], ["\x{263a}", qr/encode/], [undef, qr/undef/]) {
    my ($field, $message) = @$case;
    ok !eval { join_fields('service.args', 'web', $field); 1 }, 'refused';
    isa_ok $@, 'Daemonproxy::Error::Usage';
    like "$@", $message, 'says why';
}

{
    my $text = "caf\xe9";
    utf8::upgrade($text);
    my $line = join_fields('echo', $text);
    ok !utf8::is_utf8($line), 'bytes in a string that perl keeps as characters are bytes again';
    is $line, "echo\tcaf\xe9";
}

is check_command("service.start\tweb"), undef, 'well formed';
is check_command("service.start\ta/b"), 'Invalid service name';
is check_command('bogus'), 'Unknown command: bogus';
is check_command("service.start\tweb\t1\t2"), 'unexpected argument "2"';
is check_command("service.auto_up\tweb\t2147483648"), 'invalid interval';
is check_command("service.start\tweb\t9223372036854775808"), 'invalid timestamp', 'more than 64 bits';
is check_command("fd.socket\tx\tinet6\t[::1]:80"), undef;
is check_command("fd.socket\tx\tinet6\t[::1:80"), 'invalid address';
is check_event("service.state\tweb\tup\t1\t2\t-\t-\t0\t-"), undef;
like check_event("service.state\tweb\tup\t1"), qr/service\.state/;
like check_event('some word'), qr/no event/;

is_deeply [parse_command("service.args\tweb\t")], ['service.args', 'web'], 'one empty field is the empty list';
is_deeply [parse_command("service.signal\tweb\t1\tgroup")], ['service.signal', 'web', 'SIGHUP', 'group'];
is_deeply [parse_event("service.tags\tweb\ta=1\tb")], ['service.tags', 'web', 'a=1', 'b'];
is_deeply [parse_event("fd.state\tx\tsocket\tinet,dgram\t")], ['fd.state', 'x', 'socket', 'inet,dgram', ''], 'this empty field is one';
is_deeply [parse_event("service.state\tweb")], [], 'nothing';

ok is_name('a.b_C-9') && !is_name('') && !is_name('x' x 32) && !is_name("a\n"), 'names';
is signal_name($_->[0]), $_->[1], "signal $_->[0]" for ['HUP', 'SIGHUP'], ['SIGTERM', 'SIGTERM'], [9, 'SIGKILL'], ['CLD', 'SIGCHLD'],
    ['RTMIN+3', 'SIGRTMIN+3'], [34, 'SIGRTMIN'], ['hup', undef], [0, undef], [65, undef];

done_testing;
