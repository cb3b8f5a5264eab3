package Daemonproxy::Stream;

# Lines in and lines out, over two file descriptors, without ever blocking unless asked to.
#
# It works on the numbers of the descriptors. So it sees bytes whatever layers their handles have,
# it does not touch those layers, and it does not switch to non-blocking mode what other processes
# may share: it first asks what is possible, and writes at most 4096 bytes at a time, for which
# there is room whenever a descriptor is writable.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use Errno ();
use POSIX ();
use Time::HiRes ();

use Daemonproxy::Error;

my $CHUNK_IN  = 65536;
my $CHUNK_OUT = 4096;

sub new {
    my ($class, %options) = @_;
    my $self = bless {
        rd_handle => $options{rd_handle}, wr_handle => $options{wr_handle},
        rd => undef, wr => undef, lines => [], partial => '', out => '', eof => 0,
    }, $class;
    for my $side (qw(rd wr)) {
        my $handle = $self->{"${side}_handle"};
        next unless defined $handle;
        my $fd = fileno $handle;
        Daemonproxy::Error::Usage->throw("${side}_handle is no open file handle") unless defined $fd && $fd >= 0;
        $self->{$side} = $fd;
    }
    $self->{eof} = 1 unless defined $self->{rd};
    return $self;
}

sub rd_fileno  { $_[0]{rd} }
sub wr_fileno  { $_[0]{wr} }
sub is_ended   { $_[0]{eof} && !@{ $_[0]{lines} } }
sub want_write { length $_[0]{out} > 0 }
sub pending    { length $_[0]{out} }
sub next_line  { shift @{ $_[0]{lines} } }
sub has_line   { scalar @{ $_[0]{lines} } }

# Reads once, if there is something to read. True if something came, be it the end.
sub fill {
    my ($self, $timeout) = @_;
    return 0 if $self->{eof};
    my ($readable) = $self->wait_until(1, 0, $timeout || 0);
    return 0 unless $readable;
    my $bytes = '';
    my $count = POSIX::read($self->{rd}, $bytes, $CHUNK_IN);
    if (!defined $count) {
        return 0 if $!{EINTR} || $!{EAGAIN};
        $self->{eof} = 1;    # a connection that was reset has ended, too
        return 1;
    }
    if ($count == 0) { $self->{eof} = 1; return 1 }    # half a line at the end is not a line
    my $end = rindex $bytes, "\n";
    if ($end < 0) { $self->{partial} .= $bytes; return 1 }
    my @lines = split /\n/, $self->{partial} . substr($bytes, 0, $end), -1;
    $self->{partial} = substr $bytes, $end + 1;
    push @{ $self->{lines} }, @lines;
    return 1;
}

# Takes bytes to be written, and writes what can be written now.
sub put {
    my ($self, $bytes) = @_;
    Daemonproxy::Error::Usage->throw('there is no wr_handle to write commands to') unless defined $self->{wr};
    $self->{out} .= $bytes;
    return $self->drain;
}

# Writes what can be written. True when nothing is left.
sub drain {
    my ($self) = @_;
    while (length $self->{out}) {
        my (undef, $writable) = $self->wait_until(0, 1, 0);
        return 0 unless $writable;
        local $SIG{PIPE} = 'IGNORE';
        my $count = POSIX::write($self->{wr}, $self->{out}, length $self->{out} > $CHUNK_OUT ? $CHUNK_OUT : length $self->{out});
        if (!defined $count) {
            next if $!{EINTR};
            return 0 if $!{EAGAIN};
            $self->{out} = '';       # nobody is there any more; reading will tell
            $self->{broken} = 1;
            return 1;
        }
        substr $self->{out}, 0, $count, '';
    }
    return 1;
}

sub is_broken { $_[0]{broken} }

# Waits until it can be read or written, for at most this many seconds (undef: for ever). Returns
# whether it can be read, and whether it can be written.
sub wait_until {
    my ($self, $read, $write, $timeout) = @_;
    my $deadline = defined $timeout ? now() + $timeout : undef;
    while (1) {
        my ($in, $out) = ('', '');
        vec($in,  $self->{rd}, 1) = 1 if $read && !$self->{eof};
        vec($out, $self->{wr}, 1) = 1 if $write && defined $self->{wr};
        my $found = select $in, $out, undef, $timeout;
        if ($found < 0) {
            Daemonproxy::Error::System->throw("cannot wait for the connection: $!") unless $!{EINTR};
            return (0, 0) unless defined $deadline;
            $timeout = $deadline - now();
            return (0, 0) if $timeout <= 0;
            next;
        }
        return (0, 0) unless $found;
        return ($read && !$self->{eof} && vec($in, $self->{rd}, 1), $write && vec($out, $self->{wr}, 1));
    }
}

# Seconds of a clock that nobody sets.
sub now { Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC()) }

1;

__END__

=head1 NAME

Daemonproxy::Stream - lines in and out over two file descriptors, without blocking

=head1 SYNOPSIS

    my $stream = Daemonproxy::Stream->new(rd_handle => \*STDIN, wr_handle => \*STDOUT);
    $stream->put("statedump\n");
    while ($stream->fill(5)) {
        while (defined(my $line = $stream->next_line)) { ... }
    }

=head1 DESCRIPTION

What L<Daemonproxy::Protocol> reads from and writes to. It uses the descriptors of the handles directly, so
layers of the handles do not matter and stay as they are. Do not read from the same handle with C<readline>, which has a buffer of its own.

=head1 METHODS

=over 4

=item new(rd_handle => HANDLE, wr_handle => HANDLE)

=item fill(SECONDS)

Reads once, waiting this long for something to read (0 if not given). True if something came, even
the end.

=item next_line, has_line

The next line without its LF, or undef; whether there is one.

=item put(BYTES)

Takes bytes and writes what can be written now.

=item drain

Writes what can be written now. True when nothing is left.

=item want_write, pending

Whether bytes wait to be written, and how many.

=item is_ended, is_broken

Whether everything was read up to the end; whether writing has failed because nobody reads.

=item rd_fileno, wr_fileno

The descriptors.

=item wait_until(READ, WRITE, SECONDS)

Waits until it can be read or written. Returns two booleans. A signal ends a wait that has no limit.

=item now

Seconds of CLOCK_MONOTONIC, with a fraction. A function.

=back

=cut
