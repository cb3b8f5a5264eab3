package FakeDaemon;

# The other side of a connection, in the same process: sends lines, and shows what the client wrote.
# The client knows that it is a daemon of protocol 1, or with `tags => 1` one of protocol 2; with
# `tags => undef` it still has to find out.

use 5.014;
use strict;
use warnings;

use Daemonproxy::Protocol;

# A test that hangs should say so, and take its daemons along.
$SIG{ALRM} = sub { print STDERR "# the test has hung for 120 s\n"; exit 1 };
alarm 120;
use IO::Handle;
use Socket;

sub new {
    my ($class, %options) = @_;
    socketpair my $mine, my $theirs, AF_UNIX, SOCK_STREAM, PF_UNSPEC or die "socketpair: $!";
    $mine->autoflush;
    my $client = delete $options{class} || 'Daemonproxy::Protocol';
    my $tags = exists $options{tags} ? delete $options{tags} : 0;
    my $self = bless { socket => $mine }, $class;
    $self->{conn} = $client->new(handle => $theirs, timeout => 5, observer => 0, %options);
    $self->{conn}{has_tags} = $tags;
    return $self;
}

sub conn { $_[0]{conn} }

sub say {
    my ($self, @lines) = @_;
    syswrite $self->{socket}, "$_\n" for @lines;
    return;
}

# Everything that was written so far, as lines whose TABs are spaces.
sub heard {
    my ($self) = @_;
    my $bytes = '';
    $self->{socket}->blocking(0);
    while (sysread $self->{socket}, my $more, 65536) { $bytes .= $more }
    $self->{socket}->blocking(1);
    return map { tr/\t/ /r } split /\n/, $bytes;
}

# The word of the client's N-th echo, or its N-th tag.
sub word { "perl-$$-$_[1]" }

sub close { close delete $_[0]{socket} }

1;
