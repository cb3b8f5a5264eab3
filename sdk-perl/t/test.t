# Daemonproxy::Test, which tests controllers.
use 5.014;
use strict;
use warnings;
use Test::More;
use Test::Builder::Tester;
use Daemonproxy::Protocol;
use Daemonproxy::Test;

alarm 120;

# Starts what is down, and remembers the pid of what is up to kill it when it is told to.
sub controller {
    my $conn = Daemonproxy::Protocol->new;
    $conn->on('service.state' => sub {
        my ($conn, $name, $state) = @_;
        $conn->service_start($name) if $state eq 'down';
    });
    $conn->on('kill.it' => sub { $_[0]->send('killed', $_[0]->service('web')->pid) });
    $conn->sync;
    $conn->send('hello', "\x01" =~ s/\x01/\xff/r);
    $conn->run;
}

my $transcript = join "\n", '# It starts what is down.', ">\tstatedump", "<\tservice.state\tweb\tup\t{ts:a}\t{pid:1}\t-\t-\t0\t-", ">\thello\t\\xff",
    "<\tkill.it", ">\tkilled\t{pid:1}", "!\treap\t{pid:1}\texit\t1",
    "<\tservice.state\tweb\tdown\t{ts:a+5}\t{pid:1}\texit\t1\t5\t0", ">\tservice.start\tweb", '';

controller_ok \&controller, $transcript;

sub fails_with {
    my ($name, $pattern, $text, $code) = @_;
    local $Daemonproxy::Test::TIMEOUT = $name eq 'no command' ? 0.3 : 30;
    test_out("not ok 1 - $name");
    controller_ok $code || \&controller, $text, $name;
    test_test(title => "fails: $name", skip_err => 1);
    my $complaint = Daemonproxy::Test::_play($code || \&controller, Daemonproxy::Test::Transcript->parse('x', $text));
    like $complaint, $pattern, "says so: $name";
}

fails_with('another command', qr/x:8: another command.*got: service\.start -> web.*expected: service\.stop -> web/s,
    $transcript =~ s/\tservice\.start/\tservice.stop/r =~ s/!.*\n//r);
fails_with('no command', qr/no command within/, "$transcript>\tmore\n");
fails_with('one command more', qr/one more command: service\.start/, $transcript =~ s/>\tservice\.start.*\n//r);
fails_with('another value', qr/got: killed -> 100.*expected: killed -> \{pid:2\}/s,
    $transcript =~ s/killed\t\{pid:1/killed\t{pid:2/r =~ s/(>\thello)/<\tservice.state\tx\tup\t1\t{pid:2}\t-\t-\t0\t-\n$1/r);
fails_with('it has ended', qr/has ended/, ">\tx\n", sub { });
fails_with('it has died', qr/ended with exit status 127/, ">\tx\n", sub { syswrite STDOUT, "x\n"; <STDIN>; die "oh dear\n" });
fails_with('it was killed', qr/ended with signal 9/, ">\tx\n", sub { syswrite STDOUT, "x\n"; <STDIN>; kill KILL => $$ });
controller_ok [$^X, '-e', 'exit 3'], "# nothing\n", 'one that may fail', may_fail => 1;

controller_ok sub { syswrite STDOUT, "b\na\nc\n" }, ">|\ta\n>|\tb\n>\tc\n", 'in any order';
controller_ok sub { my $line = <STDIN>; syswrite STDOUT, "echo\tx\n"; syswrite STDOUT, $line if <STDIN> eq "y\n" },
    "<\tfirst\n>\techo\tx\n<\ty\n>\tfirst\n", 'an echo that is in the transcript';
controller_ok [$^X, '-e', 'exit'], "# nothing\n", 'a program';

# A controller that is refused, with its first command and with one when it knows about tags.
for my $knows (0, 1) {
    controller_ok sub {
        my $conn = Daemonproxy::Protocol->new;
        $conn->flush if $knows;
        my $command = $conn->service_start('web');
        die 'not refused' if $command->wait;
        $conn->service_args($command->error->name, $command->error->reason)->check;
    }, ">\t\@a\tservice.start\tweb\n<\tdone\ta\tNoSuchService\tNo such service\n>\t\@b\tservice.args\tNoSuchService\tNo such service\n<\tdone\tb\n",
        'a tag stands for that of the controller';
}

for my $wrong ("=\tservice\n", "<\t{bogus}\n") {
    ok !eval { Daemonproxy::Test::Transcript->parse('x', $wrong); 1 };
    like $@, qr/\Ax:1: /, 'no transcript';
}

done_testing;
