package TestDaemon;

# Finds the daemon for tests that need a real one, and skips them when there is none.

use 5.014;
use strict;
use warnings;

use Cwd ();
use File::Basename ();
use File::Temp ();
use Test::More;

# A test that hangs should say so, and take its daemons along.
$SIG{ALRM} = sub { print STDERR "# the test has hung for 120 s\n"; exit 1 };
alarm 120;

my $top = Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../..');

sub binary {
    my @places = ($ENV{DAEMONPROXY}, map { "$top/../target/$_/daemonproxy" } qw(release debug));
    push @places, map { "$_/daemonproxy" } split /:/, $ENV{PATH} || '';
    for my $path (@places) { return Cwd::abs_path($path) if defined $path && -f $path && -x _ }
    return undef;
}

sub need {
    my $binary = binary() or plan skip_all => 'there is no daemonproxy: set the environment variable DAEMONPROXY';
    $ENV{DAEMONPROXY} = $binary;
    return $binary;
}

# Where the daemon's log goes: shown only by those who ask.
sub log_handle {
    return \*STDERR if $ENV{TEST_VERBOSE};
    open my $null, '>', '/dev/null' or die "/dev/null: $!";
    return $null;
}

sub spawn {
    need();
    require Daemonproxy::Protocol;
    return Daemonproxy::Protocol->spawn(log => log_handle(), @_);
}

sub scratch { File::Temp::tempdir('daemonproxy-XXXXXX', TMPDIR => 1, CLEANUP => 1) }

1;
