package Daemonproxy::Test;

# Tests of controllers, without a daemon: the test plays the daemon from a transcript.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use Exporter 'import';
use POSIX ();
use Socket ();
use Test::Builder;

use Daemonproxy::Error;
use Daemonproxy::Stream;
use Daemonproxy::Test::Tags;
use Daemonproxy::Test::Transcript;

our @EXPORT = qw(controller_ok);

our $TIMEOUT = 10;

sub controller_ok {
    my ($controller, $transcript, $name, %options) = @_;
    my $test = Test::Builder->new;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    $transcript = $transcript =~ /\n/
        ? Daemonproxy::Test::Transcript->parse('transcript', $transcript)
        : Daemonproxy::Test::Transcript->read_file($transcript)
        unless ref $transcript;
    $name = $transcript->title unless defined $name;
    my $complaint = _play($controller, $transcript, $options{may_fail});
    return $test->ok(1, $name) unless defined $complaint;
    $test->ok(0, $name);
    $test->diag($complaint);
    return 0;
}

# Returns nothing if everything went as it should.
sub _play {
    my ($controller, $transcript, $may_fail) = @_;
    my ($pid, $socket) = _start($controller);
    my $stream = Daemonproxy::Stream->new(rd_handle => $socket, wr_handle => $socket);
    my @steps = $transcript->steps;
    my $tags = Daemonproxy::Test::Tags->new($transcript->has_tags);
    my $complaint;
    while (@steps && !defined $complaint) {
        my $step = shift @steps;
        if ($step->{who} =~ /</) {
            my $line = $tags->told($transcript->line_of($step));
            $stream->put("$line\n") if defined $line;
            next;
        }
        my @group = ($step);
        if ($step->{who} eq '>|') { push @group, shift @steps while @steps && $steps[0]{who} eq '>|' }
        while (@group && !defined $complaint) {
            my ($fields, $tag, $why) = _next_command($stream, $tags, @group);
            if (!$fields) {
                $complaint = sprintf "%s:%d: %s\nexpected: %s", $transcript->name, $group[0]{line}, $why, _shown(@{ $group[0]{fields} });
                last;
            }
            my @fields = @$fields;
            my ($found) = grep { $transcript->matches($group[$_], @fields) } 0 .. $#group;
            if (defined $found) {
                my ($step) = splice @group, $found, 1;
                $tags->expected($step->{tag}, $tag, @fields);
                next;
            }
            $complaint = sprintf "%s:%d: another command was expected\n     got: %s\nexpected: %s",
                $transcript->name, $group[0]{line}, _shown(@fields), join "\n      or: ", map { _shown(@{ $_->{fields} }) } @group;
        }
    }
    # The daemon is gone: the controller reads the end, and should have nothing more to say.
    my $written = defined $complaint || _write_all($stream);
    shutdown $socket, 1;
    if (!defined $complaint) {
        my ($fields) = _next_command($stream, $tags);
        $complaint = 'after the end of the transcript there is one more command: ' . _shown(@$fields) if $fields;
        $complaint = 'the controller does not read' unless $written;
    }
    close $socket;
    my $how = _end($pid);
    $complaint = "the controller has ended with $how" if !defined $complaint && defined $how && !$may_fail;
    return $complaint;
}

# The next command that must be in the transcript, as its fields and its tag; or nothing, twice, and
# why. Echoes that are not in it are answered.
sub _next_command {
    my ($stream, $tags, @expected) = @_;
    my $end = $tags->end;
    $stream->put("$end\n") if defined $end;
    my $is_due = grep { defined $_->{tag} && "@{ $_->{fields} }" eq 'echo' } @expected;
    my $deadline = Daemonproxy::Stream::now() + $TIMEOUT;
    while (1) {
        my $line = $stream->next_line;
        if (defined $line) {
            next if $line =~ /\A(?:#|\s*\z)/;
            my ($tag, $fields, $answer) = $tags->read($line, $is_due);
            if (defined $answer) { $stream->put("$answer\n"); next }
            my ($name, @words) = @$fields;
            if ($name eq 'echo' && !grep { $_->{fields}[0] eq 'echo' } @expected) {
                $stream->put(join("\t", @words) . "\n") if @words;
                $stream->put("done\t$tag\n") if defined $tag;
                next;
            }
            # What a client asks for by itself, such as an echo, is answered and is not part of the
            # conversation.
            if ($name eq 'conn.features' && !grep { $_->{fields}[0] eq 'conn.features' } @expected) {
                $stream->put(join("\t", @$fields) . "\n");
                $stream->put("done\t$tag\n") if defined $tag;
                next;
            }
            return ($fields, $tag);
        }
        return (undef, undef, 'the controller has ended') if $stream->is_ended;
        my $left = $deadline - Daemonproxy::Stream::now();
        return (undef, undef, "no command within $TIMEOUT s") if $left <= 0;
        my ($readable, $writable) = $stream->wait_until(1, $stream->want_write, $left);
        $stream->fill  if $readable;
        $stream->drain if $writable;
    }
}

sub _write_all {
    my ($stream) = @_;
    my $deadline = Daemonproxy::Stream::now() + $TIMEOUT;
    until ($stream->drain) {
        my $left = $deadline - Daemonproxy::Stream::now();
        return 0 if $left <= 0;
        my ($readable) = $stream->wait_until(1, 1, $left);
        $stream->fill if $readable;
    }
    return 1;
}

# A controller is a program and its arguments, or code that is run in a process of its own.
sub _start {
    my ($controller) = @_;
    socketpair my $mine, my $theirs, Socket::AF_UNIX(), Socket::SOCK_STREAM(), Socket::PF_UNSPEC()
        or Daemonproxy::Error::System->throw("cannot make a pair of sockets: $!");
    my $pid = fork;
    Daemonproxy::Error::System->throw("cannot fork: $!") unless defined $pid;
    return ($pid, $mine) if $pid;
    my $ok = eval {
        close $mine;
        POSIX::dup2(fileno $theirs, $_) // die "$!\n" for 0, 1;
        if (ref $controller eq 'CODE') { $controller->() }
        else {
            no warnings 'exec';
            exec { $controller->[0] } @$controller or die "cannot run $controller->[0]: $!\n";
        }
        1;
    };
    print STDERR $@ unless $ok;
    POSIX::_exit($ok ? 0 : 127);
}

# It has been told that the daemon is gone. A controller that ignores that is ended. Returns how it has
# failed, if it has.
sub _end {
    my ($pid) = @_;
    my $deadline = Daemonproxy::Stream::now() + $TIMEOUT;
    while (waitpid($pid, POSIX::WNOHANG()) == 0) {
        if (Daemonproxy::Stream::now() > $deadline) {
            kill 'KILL', $pid;
            waitpid $pid, 0;
            return;
        }
        select undef, undef, undef, 0.005;
    }
    return if $? == 0;
    return $? & 127 ? 'signal ' . ($? & 127) : 'exit status ' . ($? >> 8);
}

sub _shown { join ' -> ', map { s/([\x00-\x1f\x7f-\xff])/sprintf '\\x%02x', ord $1/ger } @_ }

1;

__END__

=head1 NAME

Daemonproxy::Test - test your own controllers without a daemon

=head1 SYNOPSIS

    use Test::More;
    use Daemonproxy::Test;

    controller_ok [$^X, 'my-controller.pl'], 't/restarts.tsv';

    controller_ok [$^X, 'my-controller.pl'], <<"END", 'starts what has died';
    >\tstatedump
    <\tservice.state\tweb\tdown\t-\t-\t-\t-\t-\t-
    >\tservice.start\tweb
    <\tservice.state\tweb\tup\t{ts}\t{pid:1}\t-\t-\t0\t-
    <\tservice.state\tweb\tdown\t{ts}\t{pid:1}\texit\t1\t0\t0
    >\tservice.start\tweb
    END

    done_testing;

=head1 DESCRIPTION

=over 4

=item controller_ok(CONTROLLER, TRANSCRIPT, NAME, OPTION => VALUE ...)

A test. Starts CONTROLLER, which is an array reference with a program and its arguments, or code that is run in a process of its own. Its standard
input and output are a connection to a simulated daemon. TRANSCRIPT is the path of a file, or, if
there is a line feed in it, the text itself. NAME is the title of the transcript if it is not given.
A failure says in which line it was, what was
expected, and what came instead.

A controller that ends with a status other than 0, such as one that dies, has failed as well; unless the option
C<may_fail> is true.

The test waits 10 seconds for each command, or C<$Daemonproxy::Test::TIMEOUT>.

=back

=head1 TRANSCRIPTS

A line has fields separated by single TABs. The first one says who speaks:

=over 4

=item C<#>

A comment. The first one is the title.

=item C<< > >>

The controller sends this command. Nothing else may come before it, except echoes, which are
answered unless the transcript has one next.

A tag in front of a command, as in C<< >\t@a\tservice.start\tweb >>, stands for the tag that the controller
chooses, and C<< <\tdone\ta\tNoSuchService\tNo such service >> is its answer. Without any tag in the
transcript the daemon is one of protocol 1, which does not know them.

=item C<< >| >>

Several of these next to each other: commands that may come in any order.

=item C<< < >> and C<< <| >>

The daemon sends this event.

=item C<@> and C<!>

What the suite of daemonproxy uses to set up and to make things happen. It does not matter here.

=back

A field C<\xNN> has the byte of that number. A field C<{ts}>, C<{pid}>, C<{secs}> or C<{text}> stands for any value of that kind, in an
event for one that is made up. C<{pid:1}> is bound by its first use and stands for that
value from then on; C<{ts:1+5}> is five more. C<{ts:now}> is bound from the
start.

At the end of the transcript the input of the controller ends, and it should send nothing more.

=cut
