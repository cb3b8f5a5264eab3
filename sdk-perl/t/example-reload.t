# The example that reads services from a YAML file.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use RunExample;
use Test::More;
use TestDaemon;
use Daemonproxy::Daemon;

TestDaemon::need();
eval { require CPAN::Meta::YAML; 1 } or plan skip_all => 'CPAN::Meta::YAML is not here';

my $dir = TestDaemon::scratch();
my $daemon = Daemonproxy::Daemon->spawn(socket => "$dir/control", log => TestDaemon::log_handle());
my $conn = $daemon->connect;

sub file {
    my (%services) = @_;
    open my $file, '>', "$dir/services.yaml" or die $!;
    for my $name (sort keys %services) {
        my ($every, @args) = @{ $services{$name} };
        print {$file} "$name:\n  args:\n", (map { "    - '$_'\n" } @args), $every ? "  every: $every\n" : '';
    }
    close $file;
}

# Sends the daemon SIGHUP, and returns when the controller has dealt with it.
sub reload {
    $daemon->kill('HUP');
    $conn->wait_for_event('signal');
    $conn->reset while $conn->pending_signal('HUP');    # no event tells when it is cleared
}

my $reload = $conn->service('reload');
$conn->fd('log')->open_file("$dir/log", 'write,create,append');
$reload->set_args(example('reload-yaml.pl', "$dir/services.yaml"));
$reload->set_fds('control.event', 'control.cmd', 'log');
$reload->set_auto_up(1, 'always');
$conn->service('mine')->set_args('sleep', 1000)->check;

file(one => [1, 'sleep', 1000], two => [undef, 'sleep', 1001], gone => [1, 'sleep', 1002]);
my %service = map { $_ => $conn->service($_) } qw(one two gone new mine);
$service{$_}->wait_for('up') for qw(one two gone);
is_deeply [$service{one}->args, $service{two}->args], [['sleep', 1000], ['sleep', 1001]];
is $service{one}->auto_up_interval, 1;
is $service{two}->auto_up_interval, undef;
my %pid = map { $_ => $service{$_}->pid } qw(one two);

file(one => [1, 'sleep', 1000], two => [undef, 'sleep', 2000], new => [1, 'sleep', 3], mine => [1, 'false']);
reload();
$service{gone}->wait_for('deleted');
$service{new}->wait_for('up');
$conn->wait_for(sub { $service{two}->is_running && $service{two}->pid != $pid{two} });
is_deeply $service{two}->args, ['sleep', 2000], 'what has changed is restarted';
is $service{one}->pid, $pid{one}, 'what has not is left alone';
is_deeply $service{mine}->args, ['sleep', 1000], 'so is what belongs to others';
$pid{two} = $service{two}->pid;

open my $file, '>', "$dir/services.yaml" or die $!;
print {$file} "one: nonsense\n";
close $file;
reload();
is $service{one}->pid, $pid{one}, 'a file with a mistake changes nothing';
is_deeply $service{two}->args, ['sleep', 2000];

# The controller dies and is started again: it picks up where it was.
file(one => [1, 'sleep', 1000], two => [undef, 'sleep', 2000]);
$reload->signal('KILL')->check;
$service{new}->wait_for('deleted');
is $service{one}->pid, $pid{one};
is $service{two}->pid, $pid{two};

open my $log, '<', "$dir/log" or die $!;
my $text = join '', <$log>;
like $text, qr/changed: two\n/;
like $text, qr/mine belongs to somebody else\n/;
like $text, qr/nothing was changed: .*one has no args\n/;
unlike $text, qr/changed: one\n/;

done_testing;
