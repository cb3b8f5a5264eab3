package RunExample;

# Runs an example to its end, and returns its status, output and complaints.

use 5.014;
use strict;
use warnings;

use Cwd ();
use Exporter 'import';
use File::Basename ();
use File::Temp ();

our @EXPORT = qw(run_example example);

my $top = Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../..');

sub example { my ($name, @args) = @_; return ($^X, "-I$top/lib", "$top/examples/$name", @args) }

sub run_example {
    my ($name, @args) = @_;
    my ($out, $err) = map { File::Temp->new } 1, 2;
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        open STDOUT, '>&', $out or die $!;
        open STDERR, '>&', $err or die $!;
        exec { $^X } example($name, @args) or die $!;
    }
    waitpid $pid, 0;
    my $status = $? >> 8;
    my @texts = map { open my $file, '<', $_->filename or die $!; local $/; <$file> // '' } $out, $err;
    return ($status, @texts);
}

1;
