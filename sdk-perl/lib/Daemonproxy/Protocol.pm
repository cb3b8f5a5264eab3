package Daemonproxy::Protocol;

# A controller: a view of the daemon, and the connection that keeps it up to date.
#
# A command has a tag, with which the daemon says how it ended. A daemon of protocol 1 does not know
# tags. That is found out by a tagged echo in front of the first command, which it answers with an
# error: until the answer is there, and from then on if it is an error, an echo of a fresh word is
# sent after each command instead, and whatever error comes before the echo comes back is its answer.
# Commands sent with `send` have no echo; when one with an echo follows, another echo goes between
# them, so that no answer is mistaken for that of the next command.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use parent 'Daemonproxy::View';

use Daemonproxy::Error;
use Daemonproxy::Grammar;
use Daemonproxy::Line qw(join_fields);
use Daemonproxy::Protocol::Command;
use Daemonproxy::Protocol::FileDescriptor;
use Daemonproxy::Protocol::Service;
use Daemonproxy::Stream;

# More than this waiting to be written, and `send` waits too: a controller that only writes would
# otherwise take all memory.
my $MAX_WAITING = 65536;

sub new {
    my ($class, @options) = @_;
    my %options = @options == 1 && ref $options[0] eq 'HASH' ? %{ $options[0] } : @options;
    my $self = bless {}, $class;
    $self->_init_view;
    my ($in, $out) = @options{qw(rd_handle wr_handle)};
    ($in, $out) = ($options{handle}, $options{handle}) if $options{handle};
    ($in, $out) = (\*STDIN, \*STDOUT) unless defined $in || defined $out;
    $self->{stream}      = Daemonproxy::Stream->new(rd_handle => $in, wr_handle => $out);
    $self->{timeout}     = exists $options{timeout} ? $options{timeout} : 30;
    $self->{auto_resync} = exists $options{auto_resync} ? $options{auto_resync} : 1;
    $self->{pending}     = [];       # what has no answer yet, in the order of sending: see _note
    $self->{word}        = {};       # the same, by tag or word
    $self->{words}       = 0;
    $self->{has_tags}    = undef;    # whether the daemon knows tags, when that is known
    $self->{question}    = undef;    # the echo that asks
    $self->{unanswered}  = 0;        # commands since the last echo
    $self->{unsettled}   = {};       # services whose tags were sent but have not come back
    $self->{passed}      = {};       # for each service that was sent a command, the states it has been in since
    $self->{observer}    = exists $options{observer} ? $options{observer} : 'auto';
    return $self;
}

sub connect {
    my ($class, $path, %options) = @_;
    require IO::Socket::UNIX;
    Daemonproxy::Error::Usage->throw('connect needs the path of a control socket') unless defined $path;
    my $timeout = delete $options{connect_timeout};
    my $socket = IO::Socket::UNIX->new(Peer => $path, Timeout => $timeout)
        or Daemonproxy::Error::System->throw("cannot connect to $path: $!");
    return $class->new(handle => $socket, %options);
}

sub spawn {
    my ($class, %options) = @_;
    require Daemonproxy::Daemon;
    my %own = map { exists $options{$_} ? ($_ => delete $options{$_}) : () } qw(timeout auto_resync);
    my $daemon = Daemonproxy::Daemon->spawn(interactive => 1, %options);
    my $self = $class->new(rd_handle => $daemon->rd_handle, wr_handle => $daemon->wr_handle, %own);
    $self->{daemon} = $daemon;
    return $self;
}

sub daemon    { $_[0]{daemon} }
sub rd_handle { $_[0]{stream}{rd_handle} }
sub wr_handle { $_[0]{stream}{wr_handle} }
sub is_closed { $_[0]{closed} }

sub timeout     { my $self = shift; $self->{timeout}     = shift if @_; return $self->{timeout} }
sub auto_resync { my $self = shift; $self->{auto_resync} = shift if @_; return $self->{auto_resync} }

sub pending_commands { [map { $_->{command} ? $_->{command} : () } @{ $_[0]{pending} }] }

# What is known, or undef before the first state dump was complete.
sub state {
    my ($self) = @_;
    return undef unless $self->is_known;
    return { map { $_ => $self->{$_} } qw(services fds signals) };
}

# --- what there is

sub service         { Daemonproxy::Protocol::Service->new($_[0], $_[1]) }
sub file_descriptor { Daemonproxy::Protocol::FileDescriptor->new($_[0], $_[1]) }

sub service_list         { my $self = shift; return map { $self->service($_) } $self->service_name_list }
sub file_descriptor_list { my $self = shift; return map { $self->file_descriptor($_) } $self->file_descriptor_name_list }

sub services              { [$_[0]->service_list] }
sub service_names         { [$_[0]->service_name_list] }
sub file_descriptors      { [$_[0]->file_descriptor_list] }
sub file_descriptor_names { [$_[0]->file_descriptor_name_list] }

{
    no warnings 'once';
    *svc          = \&service;
    *fd           = \&file_descriptor;
    *fds          = \&file_descriptors;
    *fd_names     = \&file_descriptor_names;
    *fd_list      = \&file_descriptor_list;
    *fd_name_list = \&Daemonproxy::View::file_descriptor_name_list;
}

# --- what is wanted of protocol 2

# Who has no handler for the signals that end a daemon does not keep them from it: it only observes.
# That is said when it first reads, and not before: until then a script may still be adding its
# handlers, and a signal that waits for them would take effect.
sub _set_features {
    my ($self) = @_;
    return if !$self->{observer} || $self->{closed} || !defined $self->{stream}->wr_fileno;
    my $handles = grep { _is_for_the_end($_->[2]) } @{ $self->{handlers}{signal} || [] };
    my $observes = $self->{observer} ne 'auto' || !$handles;
    $self->{has_read} = 1;
    return if $observes == ($self->{observes} || 0);
    $self->{observes} = $observes ? 1 : 0;
    $self->_tell_features;
    return;
}

# Not counted among the commands that wait for an answer: nobody needs to know how it ends.
sub _tell_features {
    my ($self) = @_;
    $self->_write(join_fields('conn.features', $self->_features));
    return;
}

# What is wanted: by the program, and by this library.
sub _features {
    my ($self) = @_;
    my ($observes, $runs) = ($self->{observes} || $self->{asks}{observer}, $self->{runs} || $self->{asks}{runs});
    my @others = sort grep { $_ ne 'observer' && $_ ne 'runs' } keys %{ $self->{asks} || {} };
    return ($observes ? 'observer' : ()), ($runs ? 'runs' : ()), @others;
}

# The first time that it learns the state by itself, it wants to be told of runs, too.
sub _want_runs {
    my ($self) = @_;
    return if $self->{runs} || !$self->{observer} || $self->{closed} || !defined $self->{stream}->wr_fileno;
    $self->{runs} = 1;
    $self->_tell_features;
    return;
}

# Whether a handler with this filter hears of a signal that ends a daemon.
sub _is_for_the_end {
    my ($filter) = @_;
    return 1 unless $filter && defined $filter->{signal};
    return Daemonproxy::Line::signal_name($filter->{signal}) =~ /\ASIG(?:TERM|INT|QUIT)\z/;
}

sub on {
    my ($self, @how) = @_;
    my $handler = $self->SUPER::on(@how);
    $self->_set_features if $self->{has_read};
    return $handler;
}

sub off {
    my ($self, $handler) = @_;
    $self->SUPER::off($handler);
    $self->_set_features if $self->{has_read};
    return;
}

# --- sending

sub send {
    my ($self, @fields) = @_;
    $self->_write(join_fields(@fields));
    $self->{unanswered}++;
    return 1;
}

sub begin_cmd {
    my ($self, @fields) = @_;
    return $self->send(@fields) unless defined wantarray;
    my $line = join_fields(@fields);
    my ($name, @args) = @fields;
    my $command = Daemonproxy::Protocol::Command->new(conn => $self, command => $name, args => \@args);
    if ($self->{has_tags}) {
        my $entry = $self->_note($command, 1);
        $self->_write("\@$entry->{word}\t$line");
        return $command;
    }
    $self->_separate;
    $self->_write($line);
    $self->_mark($command);
    return $command;
}

# The command of this name, with its fields checked as far as they are certain: names, and control
# characters. The daemon may know better about everything else.
sub call {
    my ($self, $name, @args) = @_;
    my $known = $Daemonproxy::Grammar::COMMAND{$name}
        or Daemonproxy::Error::Usage->throw("there is no command `$name`", command => $name);
    my @fields = $self->_fields_of($known, @args);
    if ($name eq 'conn.features' && $self->{observer}) {
        $self->{asks} = { map { $_ => 1 } @fields };
        @fields = $self->_features;
    }
    $self->{passed}{ $fields[0] } = {} if $name =~ /\Aservice\.(?!tags|args|fds)/ && defined $fields[0];
    if ($name eq 'signal.clear' && defined wantarray) {
        my $command = $self->begin_cmd($name, @fields);
        return $command->on_complete(sub { $self->cleared_signal(@fields) if $_[0]->ok });
    }
    $self->cleared_signal(@fields) if $name eq 'signal.clear';
    return $self->begin_cmd($name, @fields);
}

# A method for every command: service.start is service_start.
for my $name (keys %Daemonproxy::Grammar::COMMAND) {
    no strict 'refs';
    my $method = $name =~ tr/./_/r;
    *$method = sub { my $self = shift; return $self->call($name, @_) } unless defined &$method;
}

# The descriptor must be sent together with its line, so nothing may wait before it.
sub fd_take {
    my ($self, $name, $handle) = @_;
    return $self->call('fd.take', $name) unless defined $handle;
    require Daemonproxy::FdPassing;
    my @fields = $self->_fields_of($Daemonproxy::Grammar::COMMAND{'fd.take'}, $name);
    my $line = join_fields('fd.take', @fields);
    $self->_separate unless $self->{has_tags};
    $self->_wait_until_written(0);
    my $command = defined wantarray
        ? Daemonproxy::Protocol::Command->new(conn => $self, command => 'fd.take', args => \@fields) : undef;
    my $entry = $command && $self->{has_tags} ? $self->_note($command, 1) : undef;
    $line = "\@$entry->{word}\t$line" if $entry;
    Daemonproxy::FdPassing::send_fd($self->{stream}->wr_fileno, "$line\n", $handle, $self->{timeout});
    if (!$command) { $self->{unanswered}++; return }
    $self->_mark($command) unless $entry;
    return $command;
}

sub _fields_of {
    my ($self, $known, @args) = @_;
    pop @args while @args && !defined $args[-1];
    my @expected = @{ $known->{args} };
    my $is_list = @expected && $expected[-1][2] =~ /[*+]/;
    my @fields;
    for my $at (0 .. $#args) {
        my ($arg, $kind, $presence) = @{ $at < @expected ? $expected[$at] : $is_list ? $expected[-1] : [] };
        my $value = $args[$at];
        $value = '-' if !defined $value && defined $presence && $presence eq '?';
        if (ref $value eq 'ARRAY') {
            push @fields, $presence && $presence =~ /[*+]/ ? @$value : join ',', @$value;
        }
        else { push @fields, $value }
    }
    for my $at (0 .. $#fields) {
        my ($arg, $kind) = @{ $at < @expected ? $expected[$at] : $is_list ? $expected[-1] : [] };
        next unless defined $kind && $kind =~ /\A(?:service|fd|fd_or_none)\z/ && defined $fields[$at];
        next if Daemonproxy::Line::is_name("$fields[$at]");
        next if $kind eq 'fd_or_none' && $fields[$at] eq '' && @fields == @expected;    # the empty list
        my $shown = $fields[$at] =~ s/[\x00-\x1f]/ /gr;
        Daemonproxy::Error::Usage->throw("`$shown` is not $Daemonproxy::Grammar::KIND{$kind}{what}", command => $known->{name});
    }
    return @fields;
}

sub _write {
    my ($self, $line) = @_;
    Daemonproxy::Error::Closed->throw('the connection is closed') if $self->{closed};
    my $stream = $self->{stream};
    my $waited = $stream->want_write;
    $stream->put("$line\n");
    $self->_call('want_write', $stream->want_write) if $stream->want_write != $waited;
    $self->_wait_until_written($MAX_WAITING) if $stream->pending > $MAX_WAITING;
    return;
}

# Reads while it waits, since the daemon does not read commands while its events are not read.
sub _wait_until_written {
    my ($self, $most) = @_;
    my $stream = $self->{stream};
    my $deadline = $self->_deadline($self->{timeout});
    while ($stream->pending > $most) {
        my $left = $self->_left($deadline, 'room to write commands');
        my ($readable, $writable) = $stream->wait_until(1, 1, $left);
        $stream->fill  if $readable;
        $stream->drain if $writable;
    }
    return;
}

# Before the first command without a tag it is asked whether there are tags, and after one that has no
# echo there is one that belongs to it.
sub _separate {
    my ($self) = @_;
    $self->_echo if $self->{unanswered} || !defined $self->{has_tags} && !$self->{question};
    return;
}

# An echo alone, whose answer comes behind all others. The first one asks whether there are tags.
sub _echo {
    my ($self, $command) = @_;
    my $asks = !defined $self->{has_tags} && !$self->{question};
    return $self->_mark($command) unless $asks || $self->{has_tags};
    my $entry = $self->_note($command, 1);
    $self->{question} = $entry if $asks;
    $self->_write("\@$entry->{word}\techo");
    return $entry;
}

# The echo after a command without a tag.
sub _mark {
    my ($self, $command) = @_;
    my $entry = $self->_note($command, 0);
    $self->_write("echo\t$entry->{word}");
    return $entry;
}

# Something that the daemon will answer, under a tag or with a word. When what tells of losses is
# answered, everything before it that was not answered by then never will be.
sub _note {
    my ($self, $command, $is_tagged) = @_;
    my $word = sprintf 'perl-%d-%d', $$, ++$self->{words};
    my $entry = { word => $word, command => $command, is_tagged => $is_tagged, tells_losses => !$is_tagged, is_back => 0 };
    push @{ $self->{pending} }, $entry;
    $self->{word}{$word} = $entry;
    $self->{unanswered} = 0;
    return $entry;
}

# --- receiving

sub process_event {
    my ($self, $line) = @_;
    chomp $line;
    if (@{ $self->{pending} } && $self->_is_answer($line)) { return 'echo' }
    # A daemon of protocol 1: there every controller is a listener.
    return 'error' if $self->{observer} && $line eq "error\tUnknown command: conn.features";
    return $self->SUPER::process_event($line);
}

# Whether this line is the end of something that was sent; then that has ended.
sub _is_answer {
    my ($self, $line) = @_;
    if ($line =~ /\Adone\t([^\t]+)(?:\t([^\t]+)\t(.*))?\z/s) {
        my ($tag, $name, $text) = ($1, $2, $3);
        my $entry = $self->{word}{$tag};
        return 0 unless $entry && $entry->{is_tagged};
        $self->{has_tags} = 1 if $self->{question} && $entry == $self->{question};
        my $command = $entry->{command};
        $command->{error} ||= Daemonproxy::Error::Refused->new(message => $text, name => $name, command => $command)
            if $command && defined $name;
        $self->_settle($entry);
        return 1;
    }
    my $question = $self->{question};
    if ($question && $line eq "error\tUnknown command: \@$question->{word}") {
        $self->{has_tags} = 0;
        $self->_settle($question);
        return 1;
    }
    my $entry = $self->{word}{$line};
    return 0 unless $entry && !$entry->{is_tagged};
    $self->_settle($entry);
    return 1;
}

# This one is answered. With tags a long command may be answered behind later ones.
sub _settle {
    my ($self, $answered) = @_;
    my @ended;
    my $pending = $self->{pending};
    if (!$answered->{tells_losses} && $pending->[0] != $answered) {
        @$pending = grep { $_ != $answered } @$pending;
        @ended = $answered;
    }
    else {
        do { push @ended, shift @$pending } until $ended[-1] == $answered;
    }
    for my $entry (@ended) {
        $entry->{is_back} = 1;
        delete $self->{word}{ $entry->{word} };
        next unless $self->{question} && $self->{question} == $entry;
        delete $self->{question};
        # If nothing was missed, and yet there was no answer, whoever is there does not know tags.
        $self->{has_tags} = 0 if $entry != $answered && !$self->overflowed;
    }
    for my $entry (@ended) {
        my $command = $entry->{command} or next;
        $command->finish($entry == $answered ? () : Daemonproxy::Error::Lost->new(
            message => 'the answer was lost, because events were read too slowly', command => $command));
    }
    $self->{unsettled} = {} unless @$pending || $self->{unanswered};
    return;
}

sub process_event_service_state {
    my ($self, $name, @state) = @_;
    $self->SUPER::process_event_service_state($name, @state);
    $self->{passed}{$name}{ $state[0] } = 1 if $self->{passed}{$name};
    return;
}

# A start that failed later is reported with the name of the service, and is not an answer.
sub process_event_error {
    my ($self, $text) = @_;
    my $first = $self->{pending}[0];
    return if !$first || $first->{is_tagged};
    my $command = $self->_asked($text) or return;
    $command->{error} ||= Daemonproxy::Error->from_event($text, $command);
    return;
}

sub process_event_warning {
    my ($self, $text) = @_;
    my $command = $self->_asked($text) or return;
    push @{ $command->{warnings} }, $text;
    return;
}

sub process_event_log_filter {
    my ($self, $level) = @_;
    $self->SUPER::process_event_log_filter($level);
    my $command = $self->_asked('') or return;
    $command->{answer} = $level if $command->command eq 'log.filter';
    return;
}

sub _asked {
    my ($self, $text) = @_;
    return undef if $text =~ /, for service "[^"]*"\z/;
    my $first = $self->{pending}[0] or return undef;
    return $first->{command};
}

sub process_event_overflow {
    my ($self) = @_;
    $self->SUPER::process_event_overflow;
    return unless $self->{stream}->wr_fileno;
    if ($self->{auto_resync} && !$self->{resync}) { $self->start_resync }
    # Answers may be among what was missed. When this one is back, we know.
    elsif ($self->{has_tags} && @{ $self->{pending} }) { $self->_echo->{tells_losses} = 1 }
    return;
}

# --- learning the whole state

sub start_resync {
    my ($self) = @_;
    # Not marked before the first echo is back: news of a signal that was cleared meanwhile may
    # still be on its way, and no event reports that.
    my $marked;
    $self->_echo if $self->{unanswered} && !$self->{has_tags};
    my $before = Daemonproxy::Protocol::Command->new(conn => $self, command => 'echo', args => []);
    my $entry = $self->_echo($before);
    $entry->{tells_losses} ||= $self->overflowed;
    $before->on_complete(sub { $marked = $_[0]->ok and $self->mark });
    my $command = $self->begin_cmd('statedump');
    $self->{resync} = $command;
    $command->on_complete(sub {
        return unless $self->{resync} && $self->{resync} == $command;
        delete $self->{resync};
        return if $self->{closed};
        if ($marked && $self->sweep) { $self->_call('resync') }
        else                         { $self->start_resync }    # it overflowed again: the dump has gaps
    });
    return $command;
}

sub is_resyncing { defined $_[0]{resync} }

sub reset {
    my ($self, $timeout) = @_;
    $self->start_resync;
    $self->wait_for(sub { !$_[0]{resync} && !$_[0]{closed} }, timeout => @_ > 1 ? $timeout : $self->{timeout},
        what => 'the state dump');
    return 1;
}

sub flush {
    my ($self, $timeout) = @_;
    my $entry = $self->_echo;
    $self->wait_for(sub { $entry->{is_back} }, timeout => @_ > 1 ? $timeout : $self->{timeout}, what => 'an echo');
    return 1;
}

sub sync {
    my $self = shift;
    return $self->flush(@_) if $self->is_known;
    $self->_want_runs if $self->{auto_resync};
    return $self->reset(@_);
}

# --- reading and waiting

# One event from what was already read. Returns the name and the fields.
sub _step {
    my ($self) = @_;
    my $line = $self->{stream}->next_line;
    if (!defined $line) {
        $self->_closed if $self->{stream}->is_ended && !$self->{closed};
        return;
    }
    $self->{events}++;
    my $event = $self->process_event($line);
    return ($event, $line);
}

sub pump_events {
    my ($self) = @_;
    my $stream = $self->{stream};
    my $before = $self->{events} || 0;
    $self->_set_features unless $self->{has_read};
    $self->on_writable if $stream->want_write;
    do {
        while ($stream->has_line) { $self->_step }
    } while ($stream->fill);
    $self->_step;    # notices the end
    return ($self->{events} || 0) - $before;
}

sub wait_for {
    my ($self, $condition, @options) = @_;
    my %options = @options == 1 ? (timeout => $options[0]) : @options;
    my $timeout = exists $options{timeout} ? $options{timeout} : $self->{timeout};
    my $deadline = $self->_deadline($timeout);
    my $stream = $self->{stream};
    my $ended = 0;
    $self->_set_features unless $self->{has_read};
    while (1) {
        my $value = $condition->($self);
        return $value if $value;
        my @step = $self->_step;
        next if @step;
        next if $self->{closed} && !$ended++;    # the end may be what was waited for
        Daemonproxy::Error::Closed->throw('the connection ended while waiting for ' . ($options{what} || 'something'))
            if $self->{closed};
        my $left = $self->_left($deadline, $options{what});
        my ($readable, $writable) = $stream->wait_until(1, $stream->want_write, $left);
        $stream->fill if $readable;
        $self->on_writable if $writable;
    }
}

# The next line, as the name of an event and its fields; nothing when the connection has ended.
sub next_event {
    my ($self, $timeout) = @_;
    my ($event, $line);
    $self->wait_for(sub {
        while (($event, $line) = $self->_step) { return 1 if defined $event && $event ne 'echo' }
        return $self->{closed};
    }, timeout => $timeout, what => 'an event');
    return defined $line ? split /\t/, $line, -1 : ();
}

sub wait_for_event {
    my ($self, $event, $condition, $timeout) = @_;
    my @found;
    my $handler = $self->on($event => sub {
        my ($conn, @fields) = @_;
        @found = ($event, @fields) if !@found && (!$condition || $condition->(@fields));
    });
    my $ok = eval {
        $self->wait_for(sub { @found }, timeout => @_ > 3 ? $timeout : $self->{timeout}, what => "the event $event");
        1;
    };
    my $error = $@;
    $self->off($handler);
    die $error unless $ok;
    return @found[1 .. $#found];
}

sub wait_for_service {
    my ($self, $name, $state, $timeout) = @_;
    my $hint = $state eq 'ready' ? ". That is a fact: wait_for(sub { \$web->run && \$web->run->{ready} })" : '';
    Daemonproxy::Error::Usage->throw("`$state` is no state: those are down, start, up and deleted$hint")
        unless $state =~ /\A(?:down|start|up|deleted)\z/;
    my $passed = $self->{passed}{$name} || {};
    $self->wait_for(sub {
        return 1 if $passed->{$state};
        my $record = $self->service_record($name);
        return $state eq 'deleted' ? !$record : $record && $record->{state} && $record->{state}[0] eq $state;
    }, timeout => @_ > 3 ? $timeout : $self->{timeout}, what => "service $name to be $state");
    return 1;
}

sub wait_for_end {
    my ($self, $name, $number, $timeout) = @_;
    $self->wait_for(sub { $self->run_is_over($name, $number) },
        timeout => @_ > 3 ? $timeout : $self->{timeout}, what => "run $number of service $name to end");
    return 1;
}

sub _deadline { defined $_[1] ? Daemonproxy::Stream::now() + $_[1] : undef }

sub _left {
    my ($self, $deadline, $what) = @_;
    return undef unless defined $deadline;
    my $left = $deadline - Daemonproxy::Stream::now();
    Daemonproxy::Error::Timeout->throw('time is up, waiting for ' . ($what || 'something')) if $left <= 0;
    return $left;
}

# The end. A command that ends the connection has succeeded; all others will never be answered.
sub _closed {
    my ($self) = @_;
    $self->{closed} = 1;
    while (my $entry = shift @{ $self->{pending} }) {
        my $command = $entry->{command} or next;
        my $ends_it = $command->command =~ /\A(?:exit|terminate(?:\.shutdown)?)\z/;
        $command->finish($ends_it ? () : Daemonproxy::Error::Closed->new(
            message => 'the connection ended before ' . $command->command . ' was answered', command => $command));
    }
    $self->{word} = {};
    delete $self->{resync};
    $self->_call('closed');
    return;
}

# --- for event loops

sub fileno      { $_[0]{stream}->rd_fileno }
sub wr_fileno   { $_[0]{stream}->wr_fileno }
sub want_write  { $_[0]{stream}->want_write ? 1 : 0 }
sub on_readable { $_[0]->pump_events }

sub on_writable {
    my ($self) = @_;
    my $stream = $self->{stream};
    my $waited = $stream->want_write;
    $stream->drain;
    $self->_call('want_write', 0) if $waited && !$stream->want_write;
    return;
}

sub loop {
    my ($self) = @_;
    return $self->{loop} ||= do {
        require Daemonproxy::Loop;
        Daemonproxy::Loop->new($self);
    };
}

sub after { my $self = shift; return $self->loop->after(@_) }
sub every { my $self = shift; return $self->loop->every(@_) }
sub run   { my $self = shift; return $self->loop->run(@_) }
sub stop  { my $self = shift; return $self->loop->stop }

1;

__END__

=head1 NAME

Daemonproxy::Protocol - a connection to daemonproxy

=head1 SYNOPSIS

    use Daemonproxy::Protocol;

    my $conn = Daemonproxy::Protocol->new(rd_handle => \*STDIN, wr_handle => \*STDOUT);
    $conn->sync;

    my $web = $conn->service('web');
    $web->set_args('httpd', '-p', '80');
    $web->start->check;

    $conn->on('service.state' => sub { my ($conn, $name, $state) = @_; ... });
    $conn->on(signal => sub {
        my ($conn, $signal, $at, $count) = @_;
        reload() if $signal eq 'SIGHUP';
        $conn->signal_clear($signal, $count);
    });
    $conn->run;

=head1 DESCRIPTION

A controller: a L<view|Daemonproxy::View> of the daemon, all of whose methods it has, and a
connection that keeps the view up to date. Only the methods that say so read anything; the others
return what is known so far.

Methods that send a command return a L<command object|Daemonproxy::Protocol::Command>, which says how the command
ended. In void context there is none, and nobody asks: then only a handler of C<error> hears of a
refusal.

Every method that waits takes a number of seconds, or C<undef> for ever; without it C<timeout> applies. When time is
up it dies with a L<Timeout|Daemonproxy::Error>, and when the connection ends with C<Closed>. No method
blocks unless it is said to wait.

=head1 MAKING ONE

=over 4

=item new(rd_handle => HANDLE, wr_handle => HANDLE, OPTION => VALUE ...)

A controller on these handles; C<< handle => SOCKET >> for one that is both; STDIN and STDOUT when none is given. Also takes a hash
reference. Options: C<timeout> (30), C<auto_resync> (1), C<observer> (C<'auto'>).

An observer does not count as a listener for signals (C<conn.features> of protocol 2), so that
SIGTERM still ends a daemon to which nobody else is connected.
C<'auto'>: from the first time that it reads, as long as there is no handler that hears of SIGTERM, SIGINT or SIGQUIT (one for C<*> only looks
on); 1: always; 0: never, and nothing is sent.

=item connect(PATH, OPTION => VALUE ...)

A controller on the control socket at PATH. One more option: C<connect_timeout>.

=item spawn(OPTION => VALUE ...)

Starts a daemon that ends with this object, and is its controller. The options are those of L<Daemonproxy::Daemon> and of C<new>.

=item daemon

The L<Daemonproxy::Daemon>, if it was spawned.

=item timeout(SECONDS), auto_resync(BOOLEAN)

Return, or set. C<auto_resync>: ask for the state again automatically after an C<overflow>.

=item rd_handle, wr_handle, is_closed

=back

=head1 WHAT THERE IS

=over 4

=item service(NAME), svc(NAME)

=item file_descriptor(NAME), fd(NAME)

An object, L<Daemonproxy::Protocol::Service> or L<Daemonproxy::Protocol::FileDescriptor>, even if it
does not exist.

=item services, service_names, file_descriptors, fds, file_descriptor_names, fd_names

Array references, sorted by name.

=item service_list, service_name_list, file_descriptor_list, fd_list, file_descriptor_name_list, fd_name_list

The same as lists.

=item state

Everything that is known, as a hash reference with C<services>, C<fds> and C<signals>; undef before
the first dump was complete. Do not change it. L<Daemonproxy::View> describes it.

=item settings, environment

The settings of the daemon itself as the commands that set them, and what is different in the environment of every service; see
L<Daemonproxy::View/settings>. They are known after C<conn_features('settings')>, with whatever else is wanted, and a L</reset>.

=back

=head1 COMMANDS

Every command of the protocol is a method, with C<_> for the dots: C<service_start(NAME, TIMESTAMP)>. L<Daemonproxy::Grammar/COMMANDS> has
them all. Lists are given as a list or an array reference, flags as a string or an array reference;
undef for an absent argument. Names and control characters are checked before anything is sent,
everything else is left to the daemon.

=over 4

=item call(COMMAND, ARG ...)

The same for a command that is only known as a string.

=item begin_cmd(COMMAND, FIELD ...)

Sends a command, which need not be in the grammar. Returns a command object, unless in void context.

=item send(COMMAND, FIELD ...)

Sends a command and asks for nothing. When more than 64 KiB wait to be written it waits, too, and reads meanwhile.

=item fd_take(NAME, HANDLE)

Passes an open file to the daemon. See L<Daemonproxy::FdPassing> for where that works.

There is no way back here: the answer to C<fd_give(NAME)> is an event, but the descriptor that comes with it is closed. To receive
one takes recvmsg(2), which no module of the Perl core has. The clients in Rust and Python can.

=item pending_commands

An array reference of the commands that are not complete.

=item flush(SECONDS)

Waits until everything that was sent is carried out.

=item reset(SECONDS)

Learns the whole state, and waits until it is known.

=item sync(SECONDS)

C<reset> if no state is known yet, else C<flush>.

=item start_resync, is_resyncing

Asks for the whole state without waiting. The event C<resync> says when it is known.

=back

With a daemon of protocol 2 a command is one round trip: it has a tag, under which the daemon says
how it ended, and any number of commands may be under way. Whether the daemon knows tags is asked on
the way, before the first command. With one of protocol 1 echoes do the same. An answer that was
missed because of an C<overflow> is a L<Lost error|Daemonproxy::Error>.

=head1 READING AND WAITING

=over 4

=item pump_events

Takes in everything that can be read without waiting. Returns the number of events.

=item next_event(SECONDS)

Waits for an event, takes it in, and returns its name and fields. Nothing when the connection has
ended.

=item wait_for(CONDITION, SECONDS), wait_for(CONDITION, timeout => SECONDS, what => TEXT)

Reads until CONDITION, a code reference called with the connection after each event, returns true, and returns that.
TEXT is for the error message.

=item wait_for_event(EVENT, CONDITION, SECONDS)

Waits for an event whose fields satisfy CONDITION (or undef), and returns them.

=item wait_for_end(NAME, NUMBER, SECONDS)

Waits until this run of a service has ended (L<run|Daemonproxy::Protocol::Service/run>).

=item wait_for_service(NAME, STATE, SECONDS)

Waits until the service is C<down>, C<start>, C<up> or C<deleted>. A brief state is noticed, even one
that has passed since this connection last sent a command that starts, signals or deletes the service.

=item on(EVENT => CODE), on(EVENT, \%FILTER, CODE), off(HANDLER), on_error(CODE), process_event(LINE)

See L<Daemonproxy::View>. Besides events of the daemon and C<*> and C<malformed> there are here: C<closed> (the connection has ended),
C<resync> (the whole state is known, again), C<want_write> (with a boolean, see below).

=item process_event_error(TEXT), process_event_warning(TEXT), process_event_log_filter(LEVEL), process_event_overflow, process_event_service_state(NAME, STATE, ...)

What a connection does with these events. One that overrides them should call its C<SUPER::>.

=back

=head1 EVENT LOOPS

=over 4

=item run(until => CONDITION), stop, after(SECONDS, CODE), every(SECONDS, CODE), loop

The built-in loop, see L<Daemonproxy::Loop>.

=item fileno, wr_fileno

For another loop: the descriptor to watch for reading all the time, and the one to watch for writing while L</want_write> is true.

=item on_readable, on_writable

Call these when they can be read, or written.

=item want_write

Whether something waits to be written. When that changes, the handlers of C<want_write> are called with the new value.

=back

The folder F<examples> has a program for each of L<IO::Async>, L<AnyEvent> and L<Mojo::IOLoop>.

=head1 COMPATIBILITY

Scripts written for the module of this name that came with the original daemonproxy work. The differences: waiting for a command does
end;
C<begin_cmd> works in every context; C<open_pipe_to> and C<open_pipe_from> work; C<exit_reason> and
C<exit_value> have values; and after an C<overflow> the state is asked for again (turn it off with
C<< auto_resync => 0 >>).

=cut
