# The manual is well formed and complete.
use 5.014;
use strict;
use warnings;
use Daemonproxy::Grammar;
use Test::More;

eval { require Test::Pod; require Test::Pod::Coverage; 1 } or plan skip_all => 'Test::Pod and Test::Pod::Coverage are not installed';

Test::Pod::pod_file_ok($_) for Test::Pod::all_pod_files('lib', 'examples');
# Methods of the commands are described together, with a pointer to the grammar.
my @generated = map { my $name = $_->{name} =~ tr/./_/r; qr/\A$name\z/ } @Daemonproxy::Grammar::COMMANDS;
Test::Pod::Coverage::pod_coverage_ok($_, { also_private => [@generated, qr/\A[A-Z_]+\z/] })
    for Test::Pod::Coverage::all_modules('lib');
done_testing;
