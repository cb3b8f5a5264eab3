# A session that was recorded, of a program with this client, plays again to the same program.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use Test::More;
use Cwd ();
use File::Temp ();
use TestDaemon;
use Daemonproxy::Test;
use Daemonproxy::Test::Transcript;

my $suite = $ENV{CONFORMANCE_TESTS} or plan skip_all => 'CONFORMANCE_TESTS is not set: `make check-perl` sets it';
my $daemon = TestDaemon::need();
my $lib = Cwd::abs_path('lib');
my $folder = File::Temp->newdir;
my ($program, $session) = ("$folder/program.pl", "$folder/session.tsv");

open my $file, '>', $program or die "$program: $!";
print $file <<'PROGRAM';
use strict;
use warnings;
use Daemonproxy::Protocol;
my $conn = Daemonproxy::Protocol->new;
my $web = $conn->service('web');
$web->set_args('sh', '-c', 'exit 3')->check;
$web->start->check;
$web->wait_for('down');
die 'there is no such service' if $conn->service_start('nobody')->wait;
die 'it exited 3' unless $web->exit_value == 3;
$web->set_tags('x');
$conn->flush;
PROGRAM
close $file;
my @program = ($^X, "-I$lib", $program);

# The recorder stands between the two: its standard input and output are those of the program, the other way round.
{
    pipe my $commands, my $to_recorder or die $!;
    pipe my $events, my $from_recorder or die $!;
    my $recorder = fork // die $!;
    if (!$recorder) {
        open STDIN,  '<&', $commands      or die $!;
        open STDOUT, '>&', $from_recorder or die $!;
        open STDERR, '>', '/dev/null'     or die $!;
        close $_ for $commands, $to_recorder, $events, $from_recorder;
        exec $suite, 'record', '-o', $session, '--', $daemon, '-i';
        die "$suite: $!";
    }
    my $controller = fork // die $!;
    if (!$controller) {
        open STDIN,  '<&', $events      or die $!;
        open STDOUT, '>&', $to_recorder or die $!;
        close $_ for $commands, $to_recorder, $events, $from_recorder;
        exec @program;
        die "$^X: $!";
    }
    close $_ for $commands, $to_recorder, $events, $from_recorder;
    waitpid $controller, 0;
    is $?, 0, 'the program has done its work';
    waitpid $recorder, 0;
    is $?, 0, 'and was recorded';
}

open $file, '<', $session or die "$session: $!";
my $text = do { local $/; <$file> };
like $text, qr/^>\t\@1\techo$/m, 'tags are numbered';
is system("$suite replay --speed 0 $session -- @program >$folder/said 2>&1"), 0, 'replay plays it to the program'
    or diag do { open my $said, '<', "$folder/said"; local $/; <$said> };
controller_ok(\@program, Daemonproxy::Test::Transcript->read_file($session), 'and so does controller_ok');

# One in which nobody says anything about features.
$text =~ s/^.*conn\.features.*\n//mg;
controller_ok(\@program, Daemonproxy::Test::Transcript->parse('session', $text), 'also without what the client says by itself');

done_testing;
