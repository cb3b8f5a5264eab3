package DpTool;

# What dpls, dpok, dpstat, dphup and dpctl have in common: options, the connection, statuses.
# 0 is yes, 100 is no, 111 is a failure, as among the tools of perp.

use 5.014;
use strict;
use warnings;
use Daemonproxy;
use Exporter 'import';
use Getopt::Std;

our @EXPORT = qw(connect_with chosen line_of YES NO FAILURE);

use constant { YES => 0, NO => 100, FAILURE => 111 };

$SIG{__DIE__} = sub {
    return if $^S || !defined $^S;
    print STDERR "$0: $_[0]";
    exit FAILURE;
};

# Reads the options, which always include -s SOCKET, and returns a connection that knows the state.
sub connect_with {
    my ($usage, $letters) = @_;
    my %option = (s => defined $ENV{DAEMONPROXY_SOCKET} ? $ENV{DAEMONPROXY_SOCKET} : '/run/daemonproxy.sock');
    if (!getopts("hs:$letters", \%option) || $option{h}) {
        print STDERR "usage: $0 [-s SOCKET] $usage\n";
        exit FAILURE;
    }
    my $conn = Daemonproxy->connect($option{s}, timeout => 10);
    $conn->sync;
    return ($conn, \%option);
}

# The services of these names, in which * and ? may occur; all if there are no names.
sub chosen {
    my ($conn, @names) = @_;
    return $conn->service_list unless @names;
    return map {
        my $name = $_;
        my %glob = ('*' => '.*', '?' => '.');
        my $pattern = join '', map { defined $glob{$_} ? $glob{$_} : quotemeta } split //, $name;
        my @found = grep { $_->name =~ /\A$pattern\z/ } $conn->service_list;
        die "there is no service $name\n" unless @found;
        @found;
    } @names;
}

sub line_of {
    my ($service) = @_;
    my $how =
          $service->is_running  ? sprintf 'up %d s, pid %d', $service->uptime, $service->pid
        : $service->is_starting ? 'start pending'
        : $service->is_reaped   ? sprintf 'down %d s, %s %s', $service->downtime, $service->exit_reason, $service->exit_value
        :                         'down, never started';
    return sprintf '%-31s %s', $service->name, $how;
}

1;
