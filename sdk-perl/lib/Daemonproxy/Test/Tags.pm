package Daemonproxy::Test::Tags;

# The tags of a controller, which it chooses, and those of the transcript that is played to it, which
# stand for them.
#
# A controller may send a command without the tag that it has in the transcript, since it does not
# know at the beginning whether there are tags, and the other way round. Then it is answered as such a
# command is.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use Daemonproxy::Error;

sub new {
    my ($class, $are_known) = @_;
    return bless { are_known => $are_known, sent => {}, open => undef, has_asked => 0 }, $class;
}

# The tag of a command, or undef, and its fields without it.
sub split_tag {
    my (@fields) = @_;
    return (undef, @fields) unless @fields > 1 && $fields[0] =~ /\A\@([A-Za-z0-9._-]{1,31})\z/;
    return ($1, @fields[1 .. $#fields]);
}

# A line of the controller: its tag and its fields, and the answer if it only asks whether there are
# tags.
sub read {
    my ($self, $line, $is_due) = @_;
    my ($tag, @fields) = split_tag(split /\t/, $line, -1);
    return (undef, \@fields) unless defined $tag;
    return (undef, \@fields, "error\tUnknown command: \@$tag") unless $self->{are_known};
    my $is_first = !$self->{has_asked}++;
    return (undef, \@fields, "done\t$tag") if $is_first && !$is_due && "@fields" eq 'echo';
    return ($tag, \@fields);
}

# This command is the one that has this tag, or none, in the transcript.
sub expected {
    my ($self, $here, $tag, @fields) = @_;
    if (defined $here) { $self->{sent}{$here} = { tag => $tag, command => "@fields" } }
    else               { $self->{open} = $tag }
    return;
}

# An event of the transcript as this controller is told it; undef if it is not.
sub told {
    my ($self, $line) = @_;
    my ($event, $here, @how) = split /\t/, $line, 4;
    if ($event eq 'done' && defined $here && $self->{sent}{$here}) {
        my $sent = delete $self->{sent}{$here};
        return join "\t", 'done', $sent->{tag}, @how if defined $sent->{tag};
        return @how > 1 ? qq{error\t$how[1], for command "$sent->{command}"} : undef;
    }
    if (defined $self->{open} && $event eq 'error' && $line =~ /, for command "/) {
        my $error = Daemonproxy::Error->from_event(substr $line, 6);
        return join "\t", 'done', delete $self->{open}, $error->name, $error->reason if defined $error->name;
    }
    return $line;
}

# The end of the last command, if it was not told.
sub end {
    my ($self) = @_;
    my $tag = delete $self->{open};
    return defined $tag ? "done\t$tag" : undef;
}

1;

__END__

=head1 NAME

Daemonproxy::Test::Tags - the tags of a controller that is tested

=head1 DESCRIPTION

For L<Daemonproxy::Test>, which describes what a tag in a transcript means.

=over 4

=item new(ARE_KNOWN)

ARE_KNOWN: whether the daemon knows tags.

=item split_tag(FIELD ...)

A function: the tag of a command, or undef, and the fields without it.

=item read(LINE, IS_DUE)

The tag of a line of the controller, its fields, and the answer if it only asks whether there are
tags. IS_DUE: a tagged echo is what the transcript has here.

=item expected(HERE, TAG, FIELD ...)

The command is the one that has the tag HERE in the transcript.

=item told(LINE)

An event of the transcript as the controller is told it, or undef.

=item end

The end of the last command, if it was not told yet, or undef.

=back

=cut
