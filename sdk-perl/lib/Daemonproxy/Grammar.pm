# Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.
package Daemonproxy::Grammar;

use 5.014;
use strict;
use warnings;

our (@KINDS, @COMMANDS, @OPTIONS, @EVENTS, @FACTS, @ERRORS, %KIND, %COMMAND, %OPTION, %EVENT, %FACT, %ERROR, %WORDS);

@KINDS = (
    { name => 'service', what => 'the name of a service', missing => 'Expected service name',
      refused => 'Invalid service name',
      regex => qr/\A[A-Za-z0-9\._\-]{1,31}\z/ },
    { name => 'fd', what => 'the name of a file descriptor', missing => 'Expected file descriptor name',
      refused => 'Invalid file descriptor name',
      regex => qr/\A[A-Za-z0-9\._\-]{1,31}\z/ },
    { name => 'arg', what => 'an argument', missing => 'Expected program argument',
      refused => 'unable to set argv',
      regex => qr/\A[\x20-\xFF]*\z/ },
    { name => 'exec_arg', what => 'an argument', missing => undef,
      refused => 'control character in exec arguments',
      regex => qr/\A[\x20-\xFF]*\z/ },
    { name => 'fd_or_none', what => 'the name of a file descriptor, or -', missing => undef,
      refused => 'invalid fd name',
      regex => qr/\A(?:[A-Za-z0-9\._\-]{1,31}|\-)\z/ },
    { name => 'tag', what => 'a tag', missing => undef,
      refused => 'unable to set tags',
      regex => qr/\A[\x20-\xFF]*\z/ },
    { name => 'tag_change', what => 'KEY=VALUE, TAG or -KEY', missing => 'Expected tag argument',
      refused => 'invalid tag change "{change}"',
      regex => qr/\A(?:[\x20-\x2C\x2E-\x3C\x3E-\xFF][\x20-\x3C\x3E-\xFF]*(?:=[\x20-\xFF]*)?|\-[\x20-\x3C\x3E-\xFF]+)\z/ },
    { name => 'option', what => 'an option', missing => undef,
      refused => 'unable to set options',
      regex => qr/\A[\x20-\xFF]*\z/ },
    { name => 'option_change', what => 'an option, or -KEY', missing => 'Expected option argument',
      refused => 'unable to set options',
      regex => qr/\A[\x20-\xFF]*\z/ },
    { name => 'interval', what => 'a number of seconds, 1 or more, or -', missing => undef,
      refused => 'Expected integer', outside => 'invalid interval', range => [1, 2147483647], none => 1,
      regex => qr/\A(?:(?:[0-9]{1,10}(?:\.[0-9]{1,9})?|\-)|\-)\z/ },
    { name => 'trigger', what => 'a trigger: always, a signal, or conditions joined by commas', missing => undef,
      refused => 'unable to set auto_up triggers',
      regex => qr/\A(?:always|once|failure|success|(?:SIG)?(?:(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[0-9]{1,2}|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:\-[0-9]{1,2})?)|(?:ready:|up:|down:|done:)[A-Za-z0-9\._\-]{1,31}|fd:[A-Za-z0-9\._\-]{1,31})(?:,(?:always|once|failure|success|(?:SIG)?(?:(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[0-9]{1,2}|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:\-[0-9]{1,2})?)|(?:ready:|up:|down:|done:)[A-Za-z0-9\._\-]{1,31}|fd:[A-Za-z0-9\._\-]{1,31}))*\z/ },
    { name => 'start_time', what => 'a timestamp, or -', missing => undef,
      refused => 'invalid timestamp',
      regex => qr/\A(?:(?:\-)?[0-9]+|\-)\z/ },
    { name => 'signal', what => 'the name or number of a signal', missing => 'Expected signal argument',
      refused => 'Invalid signal argument',
      regex => qr/\A(?:SIG)?(?:(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[0-9]{1,2}|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:\-[0-9]{1,2})?)\z/ },
    { name => 'group', what => 'group', missing => undef,
      refused => 'unknown option "{option}"',
      regex => qr/\Agroup\z/ },
    { name => 'pipe_flags', what => 'flags of a pipe', missing => undef,
      refused => 'unknown flag "{flag}"', none => 1, flags => ['nonblock', 'unix', 'inet', 'inet6', 'tcp', 'udp', 'dgram', 'stream', 'seqpacket'],
      regex => qr/\A(?:(?:\-|(?:(?:unix|inet|inet6|tcp|udp|stream|dgram|seqpacket)|nonblock)(?:,(?:(?:unix|inet|inet6|tcp|udp|stream|dgram|seqpacket)|nonblock))*))?\z/ },
    { name => 'file_flags', what => 'flags of a file', missing => 'missing flags argument',
      refused => 'unknown flag "{flag}"', none => 1, flags => ['read', 'write', 'append', 'create', 'trunc', 'truncate', 'nonblock', 'mkdir', 'mode=MODE'],
      regex => qr/\A(?:(?:\-|(?:(?:read|write|append|create|trunc|truncate|nonblock|mkdir)|mode=[\x30-\x37]{1,4})(?:,(?:(?:read|write|append|create|trunc|truncate|nonblock|mkdir)|mode=[\x30-\x37]{1,4}))*))?\z/ },
    { name => 'path', what => 'a path', missing => 'missing path argument',
      refused => 'control character in path',
      regex => qr/\A[\x20-\xFF]+\z/ },
    { name => 'program', what => 'the path of a program, or -', missing => undef,
      refused => 'control character in path', none => 1,
      regex => qr/\A(?:[\x20-\xFF]+|\-)\z/ },
    { name => 'socket_flags', what => 'flags of a socket', missing => 'missing flags argument',
      refused => 'unknown flag "{flag}"', none => 1, flags => ['unix', 'inet', 'inet6', 'tcp', 'udp', 'stream', 'dgram', 'seqpacket', 'nonblock', 'mkdir', 'bind', 'listen', 'listen=BACKLOG'],
      regex => qr/\A(?:(?:\-|(?:(?:unix|inet|inet6|tcp|udp|stream|dgram|seqpacket)|nonblock|mkdir|bind|listen(?:=[0-9]{1,5})?)(?:,(?:(?:unix|inet|inet6|tcp|udp|stream|dgram|seqpacket)|nonblock|mkdir|bind|listen(?:=[0-9]{1,5})?))*))?\z/ },
    { name => 'address', what => 'an address that fits the flags', missing => undef,
      refused => 'invalid address',
      regex => qr/\A(?:[\x20-\xFF]+|(?:\*|[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5})\z/ },
    { name => 'socket_options', what => 'options of a control socket', missing => 'Invalid options',
      refused => 'Invalid options', none => 1, flags => ['name=NAME', 'mode=MODE', 'uid=UID', 'gid=GID', 'rights=RIGHTS', 'services=PATTERNS', 'most=COUNT'],
      regex => qr/\A(?:(?:\-|(?:name=[A-Za-z0-9\._\-]{1,31}|mode=[\x30-\x37]{1,4}|uid=[0-9]{1,10}|gid=[0-9]{1,10}|rights=(?:watch|operate|full)|services=[A-Za-z0-9\._\-\*\?]{1,31}(?::[A-Za-z0-9\._\-\*\?]{1,31})*|most=[0-9]{1,10})(?:,(?:name=[A-Za-z0-9\._\-]{1,31}|mode=[\x30-\x37]{1,4}|uid=[0-9]{1,10}|gid=[0-9]{1,10}|rights=(?:watch|operate|full)|services=[A-Za-z0-9\._\-\*\?]{1,31}(?::[A-Za-z0-9\._\-\*\?]{1,31})*|most=[0-9]{1,10}))*))?\z/ },
    { name => 'socket', what => 'the name of a control socket', missing => undef,
      refused => 'invalid socket name',
      regex => qr/\A[A-Za-z0-9\._\-]{1,31}\z/ },
    { name => 'count', what => 'a number, 0 or more', missing => 'Expected integer',
      refused => 'Expected integer', outside => 'Expected integer of 0 or more', range => [0],
      regex => qr/\A[0-9]+\z/ },
    { name => 'filter_change', what => 'a log level, + or -', missing => undef,
      refused => 'Invalid loglevel argument',
      regex => qr/\A(?:(?:none|trace|debug|info|warning|error|fatal)|\+|\-)\z/ },
    { name => 'log_type', what => 'fd', missing => 'Unknown logging type',
      refused => 'Unknown logging type',
      regex => qr/\Afd\z/ },
    { name => 'timeout', what => 'a number of seconds, 1 or more', missing => 'Expected integer',
      refused => 'Expected integer', outside => 'invalid timeout, must be 1 to 2147483647', range => [1, 2147483647],
      regex => qr/\A[0-9]+\z/ },
    { name => 'feature', what => 'the name of a feature', missing => undef,
      refused => 'invalid feature name',
      regex => qr/\A[A-Za-z0-9\._\-]{1,31}\z/ },
    { name => 'timer', what => 'the name of a timer', missing => 'Expected timer name',
      refused => 'Invalid timer name',
      regex => qr/\A[A-Za-z0-9\._\-]{1,31}\z/ },
    { name => 'delay', what => 'seconds such as 1.5, or -', missing => 'invalid delay, expected seconds such as 1.5, or -',
      refused => 'invalid delay, expected seconds such as 1.5, or -',
      regex => qr/\A(?:[0-9]{1,9}(?:\.[0-9]{1,9})?|\-)\z/ },
    { name => 'fact', what => 'a fact of a run', missing => undef,
      regex => qr/\A[\x20-\x2C\x2E-\x3C\x3E-\xFF][\x20-\x3C\x3E-\xFF]*(?:=[\x20-\xFF]*)?\z/ },
    { name => 'rights', what => 'watch, operate or full', missing => 'expected watch, operate or full',
      refused => 'unknown rights "{rights}", expected watch, operate or full',
      regex => qr/\A(?:watch|operate|full)\z/ },
    { name => 'glob', what => 'a pattern of names', missing => undef,
      refused => 'invalid pattern "{pattern}"',
      regex => qr/\A[A-Za-z0-9\._\-\*\?]{1,31}\z/ },
    { name => 'exit_code', what => 'an exit code', missing => 'Expected integer',
      refused => 'Expected integer', outside => 'exit code must be 0 to 255', range => [0, 255],
      regex => qr/\A[0-9]{1,3}\z/ },
    { name => 'exit_status', what => 'an exit code, or -', missing => undef,
      refused => 'Expected integer', outside => 'exit code must be 0 to 255', range => [0, 255], none => 1,
      regex => qr/\A(?:[0-9]{1,3}|\-)\z/ },
    { name => 'guard', what => 'the guard code', missing => undef,
      refused => 'Expected integer', none => 1,
      regex => qr/\A(?:(?:\-)?[0-9]+|\-)\z/ },
    { name => 'guard_switch', what => '+ or -', missing => 'expected + or -',
      refused => 'expected + or -',
      regex => qr/\A[\+\-]\z/ },
    { name => 'guard_code', what => 'an integer other than 0', missing => 'Expected integer',
      refused => 'Expected integer',
      regex => qr/\A(?:\-)?[0-9]+\z/ },
    { name => 'seconds', what => 'seconds such as 10 or 2.5, or -', missing => undef,
      refused => 'Expected integer', outside => 'seconds must be 0 to 2147483647', range => [0, 2147483647], none => 1,
      regex => qr/\A(?:[0-9]{1,10}(?:\.[0-9]{1,9})?|\-)\z/ },
    { name => 'signal_action', what => 'event, shutdown, terminate or forward', missing => 'Expected action argument',
      refused => 'unknown action "{action}", expected event, shutdown, terminate or forward',
      regex => qr/\A(?:event|shutdown|terminate|forward)\z/ },
    { name => 'fd_numbers', what => 'descriptor numbers such as 1,2', missing => 'expected descriptor numbers from 0 to 255, such as 1,2',
      refused => 'expected descriptor numbers from 0 to 255, such as 1,2',
      regex => qr/\A[0-9]{1,3}(?:,[0-9]{1,3})*\z/ },
    { name => 'line', what => 'the rest of the line', missing => undef,
      regex => qr/\A[\x20-\xFF\t]*\z/ },
    { name => 'env_item', what => 'KEY=VALUE, KEY%=VALUE or !KEY', missing => 'Expected environment item',
      refused => 'unable to set environment',
      regex => qr/\A[\x20-\xFF]*\z/ },
    { name => 'env_change', what => 'an item of the environment, or -KEY', missing => 'Expected environment item',
      refused => 'unable to set environment',
      regex => qr/\A[\x20-\xFF]*\z/ },
    { name => 'told_env', what => 'an item of the environment', missing => undef,
      regex => qr/\A[\x20-\xFF]*\z/ },
    { name => 'told_option', what => 'an option', missing => undef,
      regex => qr/\A[\x20-\xFF]*\z/ },
    { name => 'service_state', what => 'the state of a service', missing => undef,
      regex => qr/\A(?:down\t\-\t\-\t\-\t\-\t\-\t\-|start\t(?:\-)?[0-9]+\t\-\t\-\t\-\t\-\t\-|up\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+\t\-\t\-\t(?:\-)?[0-9]+\t\-|down\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+\texit\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+|down\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+\tsignal\t(?:SIG)?(?:(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[0-9]{1,2}|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:\-[0-9]{1,2})?)\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+|deleted\t\-\t\-\t\-\t\-\t\-\t\-)\z/ },
    { name => 'fd_state', what => 'the state of a file descriptor', missing => undef,
      regex => qr/\A(?:deleted|[\x20-\xFF]*\t[\x20-\xFF]*\t[\x20-\xFF]*)\z/ },
    { name => 'timestamp', what => 'a timestamp', missing => undef,
      regex => qr/\A(?:\-)?[0-9]+\z/ },
    { name => 'level', what => 'a log level', missing => undef,
      regex => qr/\A(?:none|trace|debug|info|warning|error|fatal)\z/ },
    { name => 'text', what => 'a text', missing => undef,
      regex => qr/\A[\x20-\xFF\t]*\z/ },
    { name => 'phase', what => 'stopping, killing or flushing', missing => undef,
      regex => qr/\A(?:stopping|killing|flushing)\z/ },
    { name => 'command_tag', what => 'the tag of a command', missing => undef,
      regex => qr/\A[A-Za-z0-9\._\-]{1,31}\z/ },
    { name => 'error_name', what => 'the name of an error', missing => undef,
      regex => qr/\A[A-Za-z0-9\._\-]{1,31}\z/ },
    { name => 'error_text', what => 'the text of an error', missing => undef,
      regex => qr/\A[\x20-\xFF\t]*\z/ },
    { name => 'trigger_shown', what => 'a trigger', missing => undef,
      regex => qr/\A(?:(?:always|once|failure|success|(?:SIG)?(?:(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[0-9]{1,2}|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:\-[0-9]{1,2})?)|(?:ready:|up:|down:|done:)[A-Za-z0-9\._\-]{1,31}|fd:[A-Za-z0-9\._\-]{1,31})|(?:ready|up|down|done|fd):\*)(?:,(?:(?:always|once|failure|success|(?:SIG)?(?:(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[0-9]{1,2}|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:\-[0-9]{1,2})?)|(?:ready:|up:|down:|done:)[A-Za-z0-9\._\-]{1,31}|fd:[A-Za-z0-9\._\-]{1,31})|(?:ready|up|down|done|fd):\*))*\z/ },
    { name => 'fd_shown', what => 'the name of a file descriptor, - or *', missing => undef,
      regex => qr/\A(?:[A-Za-z0-9\._\-]{1,31}|\-|\*)\z/ },
    { name => 'conn_kind', what => 'config, interactive, socket or service', missing => undef,
      regex => qr/\A(?:config|interactive|socket(?::[A-Za-z0-9\._\-]{1,31})?|service(?::[A-Za-z0-9\._\-]{1,31})?)\z/ },
    { name => 'id', what => 'a number, or -', missing => undef,
      none => 1,
      regex => qr/\A(?:[0-9]{1,10}|\-)\z/ },
    { name => 'conn_rights', what => 'watch, operate or full', missing => undef,
      regex => qr/\A(?:watch|operate|full)(?::[\x21-\x7E]*)?\z/ },
);

@COMMANDS = (
    { name => 'echo', since => 1,
      args => [['REST', 'line', '?']],
      events => [],
      errors => [],
    },
    { name => 'statedump', since => 1,
      args => [],
      events => ['fd.state', 'service.state', 'service.tags', 'service.args', 'service.fds', 'service.auto_up', 'signal'],
      errors => ['UnexpectedArgument'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'service.args', since => 1,
      args => [['NAME', 'service', ''], ['ARGS', 'arg', '*']],
      events => ['service.args'],
      errors => ['ExpectedServiceName', 'InvalidServiceName', 'UnableToAllocateService', 'UnableToSetArgv'],
    },
    { name => 'service.fds', since => 1,
      args => [['NAME', 'service', ''], ['FDS', 'fd_or_none', '*']],
      events => ['service.fds', 'warning'],
      errors => ['ExpectedServiceName', 'InvalidServiceName', 'UnableToAllocateService', 'InvalidFdName', 'UnableToSetFds', 'ReadyFdInUse'],
    },
    { name => 'service.tags', since => 1,
      args => [['NAME', 'service', ''], ['TAGS', 'tag', '*']],
      events => ['service.tags'],
      errors => ['ExpectedServiceName', 'InvalidServiceName', 'UnableToAllocateService', 'UnableToSetTags'],
    },
    { name => 'service.auto_up', since => 1,
      args => [['NAME', 'service', ''], ['INTERVAL', 'interval', '?'], ['TRIGGERS', 'trigger', '*']],
      events => ['service.auto_up', 'service.state', 'warning'],
      errors => ['ExpectedInteger', 'ExpectedServiceName', 'InvalidServiceName', 'UnableToAllocateService', 'InvalidInterval', 'UnableToSetTriggers'],
    },
    { name => 'service.start', since => 1,
      args => [['NAME', 'service', ''], ['AT', 'start_time', '?']],
      events => ['service.state'],
      errors => ['UnexpectedArgument', 'ExpectedServiceName', 'InvalidServiceName', 'NoSuchService', 'NoArgsConfigured', 'InvalidTimestamp', 'ServiceIsNotStartable', 'NoStartPending', 'ShutdownInProgress'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'service.stop', since => 2,
      args => [['NAME', 'service', ''], ['AFTER', 'seconds', '?']],
      events => ['service.state'],
      errors => ['UnexpectedArgument', 'ExpectedInteger', 'ExpectedServiceName', 'InvalidServiceName', 'NoSuchService', 'SecondsOutOfRange'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'service.restart', since => 2,
      args => [['NAME', 'service', ''], ['AFTER', 'seconds', '?']],
      events => ['service.state'],
      errors => ['UnexpectedArgument', 'ExpectedInteger', 'ExpectedServiceName', 'InvalidServiceName', 'NoSuchService', 'NoArgsConfigured', 'SecondsOutOfRange', 'ShutdownInProgress'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'service.release', since => 2,
      args => [['NAME', 'service', '']],
      events => ['service.state'],
      errors => ['UnexpectedArgument', 'ExpectedServiceName', 'InvalidServiceName', 'NoSuchService'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'service.reload', since => 2,
      args => [['NAME', 'service', '']],
      events => [],
      errors => ['UnexpectedArgument', 'ExpectedServiceName', 'InvalidServiceName', 'NoSuchService', 'ServiceIsNotRunning', 'Kill'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'service.ready', since => 2,
      args => [['NAME', 'service', '']],
      events => ['service.run'],
      errors => ['UnexpectedArgument', 'ExpectedServiceName', 'InvalidServiceName', 'NoSuchService', 'ServiceIsNotRunning', 'NotAwaited'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'service.deadman', since => 2,
      args => [['NAME', 'service', '']],
      events => [],
      errors => ['UnexpectedArgument', 'ExpectedServiceName', 'InvalidServiceName', 'NoSuchService', 'ServiceIsNotRunning', 'NotAwaited'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'service.signal', since => 1,
      args => [['NAME', 'service', ''], ['SIGNAL', 'signal', ''], ['GROUP', 'group', '?']],
      events => [],
      errors => ['UnexpectedArgument', 'ExpectedServiceName', 'InvalidServiceName', 'NoSuchService', 'ServiceIsNotRunning', 'UnknownOption', 'Kill', 'ExpectedSignalArgument', 'InvalidSignalArgument', 'InvalidSignalNumber'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'service.delete', since => 1,
      args => [['NAME', 'service', '']],
      events => ['service.state'],
      errors => ['UnexpectedArgument', 'ExpectedServiceName', 'InvalidServiceName', 'NoSuchService', 'ServiceIsRunning'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'service.tags.apply', since => 2,
      args => [['NAME', 'service', ''], ['CHANGES', 'tag_change', '+']],
      events => ['service.tags'],
      errors => ['ExpectedServiceName', 'InvalidServiceName', 'UnableToAllocateService', 'UnableToSetTags', 'ExpectedTag', 'InvalidTagChange'],
    },
    { name => 'service.options', since => 2,
      args => [['NAME', 'service', ''], ['OPTIONS', 'option', '*']],
      events => ['service.options', 'warning'],
      errors => ['ExpectedServiceName', 'InvalidServiceName', 'UnableToAllocateService', 'UnableToSetOptions', 'AnotherMainService', 'InvalidOption', 'NoCgroup', 'OptionGivenTwice', 'ReadyFdInUse', 'UnknownOption'],
    },
    { name => 'service.options.apply', since => 2,
      args => [['NAME', 'service', ''], ['CHANGES', 'option_change', '+']],
      events => ['service.options', 'warning'],
      errors => ['ExpectedServiceName', 'InvalidServiceName', 'UnableToAllocateService', 'UnableToSetOptions', 'AnotherMainService', 'ExpectedOption', 'InvalidOption', 'NoCgroup', 'ReadyFdInUse', 'UnknownOption'],
    },
    { name => 'service.env', since => 2,
      args => [['NAME', 'service', ''], ['ENV', 'env_item', '*']],
      events => ['service.env', 'service.env.apply'],
      errors => ['ExpectedServiceName', 'InvalidServiceName', 'UnableToAllocateService', 'UnableToSetEnvironment', 'EnvironmentTooLong', 'InvalidEnvItem'],
    },
    { name => 'service.env.apply', since => 2,
      args => [['NAME', 'service', ''], ['CHANGES', 'env_change', '+']],
      events => ['service.env', 'service.env.apply'],
      errors => ['ExpectedServiceName', 'InvalidServiceName', 'UnableToAllocateService', 'UnableToSetEnvironment', 'EnvironmentTooLong', 'ExpectedEnvItem', 'InvalidEnvItem'],
    },
    { name => 'env', since => 2,
      args => [['ENV', 'env_item', '*']],
      events => ['env', 'env.apply'],
      errors => ['UnableToSetEnvironment', 'EnvironmentTooLong', 'InvalidEnvItem'],
    },
    { name => 'env.apply', since => 2,
      args => [['CHANGES', 'env_change', '+']],
      events => ['env', 'env.apply'],
      errors => ['UnableToSetEnvironment', 'EnvironmentTooLong', 'ExpectedEnvItem', 'InvalidEnvItem'],
    },
    { name => 'service.pipe', since => 2,
      args => [['NAME', 'service', ''], ['FDS', 'fd_numbers', ''], ['ARGS', 'arg', '+']],
      events => ['fd.state', 'service.args', 'service.fds', 'service.auto_up', 'service.state'],
      errors => ['ExpectedServiceName', 'InvalidServiceName', 'UnableToAllocateService', 'UnableToSetArgv', 'ExpectedProgram', 'UnableToSetFds', 'ReadyFdInUse', 'LoggerNameTooLong', 'InvalidFdNumbers', 'FdCannotBeAltered', 'UnableToAllocateFd', 'Pipe'],
      check => ['logger_name_fits', 'NAME'],
    },
    { name => 'fd.pipe', since => 1,
      args => [['READ', 'fd', ''], ['WRITE', 'fd', ''], ['FLAGS', 'pipe_flags', '?']],
      events => ['fd.state'],
      errors => ['UnexpectedArgument', 'ExpectedFileDescriptorName', 'InvalidFileDescriptorName', 'NamesMustDiffer', 'FdCannotBeAltered', 'UnableToAllocateFd', 'UnknownFlag', 'Pipe', 'Socketpair'],
      surplus => 'unexpected argument "{argument}"',
      check => ['names_differ', 'READ', 'WRITE'],
    },
    { name => 'fd.open', since => 1,
      args => [['NAME', 'fd', ''], ['FLAGS', 'file_flags', ''], ['PATH', 'path', '']],
      events => ['fd.state'],
      errors => ['ExpectedFileDescriptorName', 'InvalidFileDescriptorName', 'FdCannotBeAltered', 'UnableToAllocateFd', 'MissingFlags', 'UnknownFlag', 'MissingPath', 'UnexpectedAfterPath', 'InvalidMode', 'Open'],
      surplus => 'unexpected argument after path',
    },
    { name => 'fd.socket', since => 1,
      args => [['NAME', 'fd', ''], ['FLAGS', 'socket_flags', ''], ['ADDRESS', 'address', '?']],
      events => ['fd.state'],
      errors => ['ExpectedFileDescriptorName', 'InvalidFileDescriptorName', 'FdCannotBeAltered', 'UnableToAllocateFd', 'MissingFlags', 'UnknownFlag', 'ExpectedAddress', 'InvalidAddress', 'UnexpectedAfterAddress', 'InvalidListenQueue', 'Socket', 'Setsockopt', 'Bind', 'Listen'],
      surplus => 'unexpected argument after address',
    },
    { name => 'fd.take', since => 1,
      args => [['NAME', 'fd', '']],
      events => ['fd.state'],
      errors => ['UnexpectedArgument', 'ExpectedFileDescriptorName', 'InvalidFileDescriptorName', 'FdCannotBeAltered', 'UnableToAllocateFd', 'NoAncillaryFd'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'fd.give', since => 2,
      args => [['NAME', 'fd', '']],
      events => ['fd.give'],
      errors => ['UnexpectedArgument', 'ExpectedFileDescriptorName', 'InvalidFileDescriptorName', 'NoSuchFd', 'CannotGiveFd', 'GiveFd'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'fd.delete', since => 1,
      args => [['NAME', 'fd', '']],
      events => ['fd.state'],
      errors => ['UnexpectedArgument', 'ExpectedFileDescriptorName', 'InvalidFileDescriptorName', 'NoSuchFd', 'FdCannotBeAltered'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'socket.create', since => 1,
      args => [['OPTIONS', 'socket_options', ''], ['PATH', 'path', '']],
      events => [],
      errors => ['UnknownRights', 'InvalidPattern', 'CannotLimitFullRights', 'TooManyPatterns', 'MissingPath', 'UnexpectedAfterPath', 'InvalidOptions', 'InvalidSocketOption', 'SocketNameInUse', 'TooManySockets', 'FailedToCreateControlSocket'],
      surplus => 'unexpected argument after path',
    },
    { name => 'socket.delete', since => 1,
      args => [['NAME', 'socket', '?']],
      events => [],
      errors => ['UnexpectedArgument', 'InvalidSocketName', 'NoSuchSocket'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'signal.clear', since => 1,
      args => [['SIGNAL', 'signal', ''], ['COUNT', 'count', '']],
      events => [],
      errors => ['UnexpectedArgument', 'ExpectedInteger', 'ExpectedNonNegativeInteger', 'ExpectedSignalArgument', 'InvalidSignalArgument', 'InvalidSignalNumber'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'signal.default', since => 2,
      args => [['SIGNAL', 'signal', ''], ['ACTION', 'signal_action', '']],
      events => ['warning'],
      errors => ['UnexpectedArgument', 'ExpectedSignalArgument', 'InvalidSignalArgument', 'InvalidSignalNumber', 'ExpectedAction', 'UnknownAction'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'log.filter', since => 1,
      args => [['CHANGE', 'filter_change', '?']],
      events => ['log.filter'],
      errors => ['UnexpectedArgument', 'InvalidLogLevel'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'log.dest', since => 1,
      args => [['TYPE', 'log_type', ''], ['FD', 'fd', '']],
      events => ['warning'],
      errors => ['UnexpectedArgument', 'ExpectedFileDescriptorName', 'InvalidFileDescriptorName', 'UnknownLoggingType'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'chdir', since => 1,
      args => [['PATH', 'path', '']],
      events => [],
      errors => ['MissingPath', 'UnexpectedAfterPath', 'Chdir'],
      surplus => 'unexpected argument after path',
    },
    { name => 'conn.event_timeout', since => 1,
      args => [['RESET', 'timeout', ''], ['CLOSE', 'timeout', '']],
      events => [],
      errors => ['UnexpectedArgument', 'ExpectedInteger', 'InvalidTimeout', 'ResetGreaterThanClose'],
      surplus => 'unexpected argument "{argument}"',
      check => ['reset_within_close', 'RESET', 'CLOSE'],
    },
    { name => 'conn.features', since => 2,
      args => [['FEATURES', 'feature', '*']],
      events => ['conn.features'],
      errors => ['InvalidFeatureName'],
    },
    { name => 'conn.timer', since => 2,
      args => [['NAME', 'timer', ''], ['SECONDS', 'delay', '']],
      events => ['conn.timer'],
      errors => ['UnexpectedArgument', 'ExpectedTimerName', 'InvalidTimerName', 'InvalidDelay', 'TooManyTimers'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'conn.restrict', since => 2,
      args => [['RIGHTS', 'rights', ''], ['GLOBS', 'glob', '*']],
      events => [],
      errors => ['NotPermitted', 'ExpectedRights', 'UnknownRights', 'InvalidPattern', 'CannotLimitFullRights', 'TooManyPatterns'],
    },
    { name => 'conn.list', since => 2,
      args => [],
      events => ['conn.state'],
      errors => ['UnexpectedArgument'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'exit', since => 1,
      args => [],
      events => [],
      errors => ['UnexpectedArgument'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'terminate', since => 1,
      args => [['CODE', 'exit_code', ''], ['GUARD', 'guard', '?']],
      events => [],
      errors => ['UnexpectedArgument', 'ExpectedInteger', 'ExitCodeOutOfRange', 'GuardCodeRequired', 'IncorrectTerminateGuardCode', 'ExecNotConfigured'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'terminate.guard', since => 1,
      args => [['ON', 'guard_switch', ''], ['CODE', 'guard_code', '']],
      events => [],
      errors => ['UnexpectedArgument', 'ExpectedInteger', 'ExpectedPlusOrMinus', 'CodeCannotBeZero', 'GuardAlreadySet', 'GuardNotSet', 'IncorrectGuardCode'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'terminate.exec_args', since => 1,
      args => [['ARGS', 'exec_arg', '*']],
      events => [],
      errors => ['ExecArgsTooLong'],
    },
    { name => 'terminate.shutdown', since => 2,
      args => [['TERM', 'seconds', '?'], ['KILL', 'seconds', '?'], ['FLUSH', 'seconds', '?'], ['GUARD', 'guard', '?'], ['CODE', 'exit_status', '?']],
      events => ['terminate.state', 'service.state'],
      errors => ['UnexpectedArgument', 'ExpectedInteger', 'SecondsOutOfRange', 'ExitCodeOutOfRange', 'GuardCodeRequired', 'IncorrectTerminateGuardCode', 'ExecNotConfigured'],
      surplus => 'unexpected argument "{argument}"',
    },
    { name => 'upgrade', since => 2,
      args => [['PROGRAM', 'program', '?'], ['GUARD', 'guard', '?']],
      events => [],
      errors => ['UnexpectedArgument', 'ExpectedInteger', 'MissingPath', 'UpgradeUnderWay', 'Upgrade', 'GuardCodeRequired', 'IncorrectTerminateGuardCode'],
      surplus => 'unexpected argument "{argument}"',
    },
);

@OPTIONS = (
    { name => 'cwd', what => 'cwd=PATH' },
    { name => 'umask', what => 'umask=0 to umask=0777, in octal' },
    { name => 'nice', what => 'nice=-20 to nice=19' },
    { name => 'oom', what => 'oom=-1000 to oom=1000' },
    { name => 'limit', what => 'limit.NAME=SOFT or limit.NAME=SOFT:HARD, each a number or unlimited, and SOFT not above HARD', names => ['as', 'core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile', 'nproc', 'rss', 'rtprio', 'rttime', 'sigpending', 'stack'] },
    { name => 'memory', what => 'memory=4096 to memory=9223372036854775807' },
    { name => 'no_new_privs', what => 'no_new_privs without a value' },
    { name => 'parent_death', what => 'parent_death=SIGNAL' },
    { name => 'session', what => 'session or session=tty' },
    { name => 'user', what => 'user=NAME or user=UID' },
    { name => 'group', what => 'group=NAME or group=GID' },
    { name => 'groups', what => 'groups=NAME or GID, and more after colons; or groups= for none' },
    { name => 'listen', what => 'listen without a value' },
    { name => 'args', what => 'args=percent' },
    { name => 'stop', what => 'stop=SIGNAL' },
    { name => 'stop_after', what => 'stop_after=SECONDS, 0 to 2147483647, such as 2.5, or stop_after=-' },
    { name => 'kill', what => 'kill=main, kill=group or kill=cgroup' },
    { name => 'reload', what => 'reload=SIGNAL' },
    { name => 'ready', what => 'ready=notify, ready=control, or ready=fd:0 to ready=fd:255' },
    { name => 'ready_within', what => 'ready_within=SECONDS, above 0 and at most 2147483647, such as 2.5' },
    { name => 'watchdog', what => 'watchdog=SECONDS, above 0 and at most 2147483647, such as 2.5' },
    { name => 'deadman', what => 'deadman=SECONDS, above 0 and at most 2147483647, such as 2.5' },
    { name => 'fdstore', what => 'fdstore=1 to fdstore=64' },
    { name => 'success', what => 'success=END, and more after colons, each a status or a signal' },
    { name => 'backoff', what => 'backoff=MAX[:FACTOR[:RESET]], in seconds, FACTOR 1 to 1000' },
    { name => 'giveup', what => 'giveup=N/SECONDS' },
    { name => 'on_giveup', what => 'on_giveup=NAME' },
    { name => 'main', what => 'main without a value' },
);

@EVENTS = (
    { name => 'service.state', since => 1, args => [['NAME', 'service', ''], ['STATE', 'service_state', '']],
      regex => qr/\Aservice\.state\t[A-Za-z0-9\._\-]{1,31}\t(?:down\t\-\t\-\t\-\t\-\t\-\t\-|start\t(?:\-)?[0-9]+\t\-\t\-\t\-\t\-\t\-|up\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+\t\-\t\-\t(?:\-)?[0-9]+\t\-|down\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+\texit\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+|down\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+\tsignal\t(?:SIG)?(?:(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[0-9]{1,2}|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:\-[0-9]{1,2})?)\t(?:\-)?[0-9]+\t(?:\-)?[0-9]+|deleted\t\-\t\-\t\-\t\-\t\-\t\-)\z/ },
    { name => 'service.run', since => 2, args => [['NAME', 'service', ''], ['RUN', 'count', ''], ['FACTS', 'fact', '*']],
      regex => qr/\Aservice\.run\t[A-Za-z0-9\._\-]{1,31}\t[0-9]+(?:\t|(?:\t[\x20-\x2C\x2E-\x3C\x3E-\xFF][\x20-\x3C\x3E-\xFF]*(?:=[\x20-\xFF]*)?)*)\z/ },
    { name => 'service.tags', since => 1, args => [['NAME', 'service', ''], ['TAGS', 'tag', '*']],
      regex => qr/\Aservice\.tags\t[A-Za-z0-9\._\-]{1,31}(?:\t|(?:\t[\x20-\xFF]*)*)\z/ },
    { name => 'service.args', since => 1, args => [['NAME', 'service', ''], ['ARGS', 'arg', '*']],
      regex => qr/\Aservice\.args\t[A-Za-z0-9\._\-]{1,31}(?:\t|(?:\t[\x20-\xFF]*)*)\z/ },
    { name => 'service.fds', since => 1, args => [['NAME', 'service', ''], ['FDS', 'fd_shown', '*']],
      regex => qr/\Aservice\.fds\t[A-Za-z0-9\._\-]{1,31}(?:\t|(?:\t(?:[A-Za-z0-9\._\-]{1,31}|\-|\*))*)\z/ },
    { name => 'service.options', since => 2, args => [['NAME', 'service', ''], ['OPTIONS', 'told_option', '*']],
      regex => qr/\Aservice\.options\t[A-Za-z0-9\._\-]{1,31}(?:\t|(?:\t[\x20-\xFF]*)*)\z/ },
    { name => 'service.env', since => 2, args => [['NAME', 'service', ''], ['ENV', 'told_env', '*']],
      regex => qr/\Aservice\.env\t[A-Za-z0-9\._\-]{1,31}(?:\t|(?:\t[\x20-\xFF]*)*)\z/ },
    { name => 'service.env.apply', since => 2, args => [['NAME', 'service', ''], ['APPLY', 'told_env', '*']],
      regex => qr/\Aservice\.env\.apply\t[A-Za-z0-9\._\-]{1,31}(?:\t|(?:\t[\x20-\xFF]*)*)\z/ },
    { name => 'env', since => 2, args => [['ENV', 'told_env', '*']],
      needs_fields => 1,
      regex => qr/\Aenv(?:\t|(?:\t[\x20-\xFF]*)*)\z/ },
    { name => 'env.apply', since => 2, args => [['APPLY', 'told_env', '*']],
      regex => qr/\Aenv\.apply(?:\t|(?:\t[\x20-\xFF]*)*)\z/ },
    { name => 'service.auto_up', since => 1, args => [['NAME', 'service', ''], ['INTERVAL', 'interval', ''], ['TRIGGERS', 'trigger_shown', '*']],
      regex => qr/\Aservice\.auto_up\t[A-Za-z0-9\._\-]{1,31}\t(?:(?:[0-9]{1,10}(?:\.[0-9]{1,9})?|\-)|\-)(?:\t|(?:\t(?:(?:always|once|failure|success|(?:SIG)?(?:(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[0-9]{1,2}|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:\-[0-9]{1,2})?)|(?:ready:|up:|down:|done:)[A-Za-z0-9\._\-]{1,31}|fd:[A-Za-z0-9\._\-]{1,31})|(?:ready|up|down|done|fd):\*)(?:,(?:(?:always|once|failure|success|(?:SIG)?(?:(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[0-9]{1,2}|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:\-[0-9]{1,2})?)|(?:ready:|up:|down:|done:)[A-Za-z0-9\._\-]{1,31}|fd:[A-Za-z0-9\._\-]{1,31})|(?:ready|up|down|done|fd):\*))*)*)\z/ },
    { name => 'fd.state', since => 1, args => [['NAME', 'fd', ''], ['STATE', 'fd_state', '']],
      regex => qr/\Afd\.state\t[A-Za-z0-9\._\-]{1,31}\t(?:deleted|[\x20-\xFF]*\t[\x20-\xFF]*\t[\x20-\xFF]*)\z/ },
    { name => 'fd.give', since => 2, args => [['NAME', 'fd', ''], ['STATE', 'fd_state', '']],
      regex => qr/\Afd\.give\t[A-Za-z0-9\._\-]{1,31}\t(?:deleted|[\x20-\xFF]*\t[\x20-\xFF]*\t[\x20-\xFF]*)\z/ },
    { name => 'signal', since => 1, args => [['SIGNAL', 'signal', ''], ['AT', 'timestamp', ''], ['COUNT', 'count', '']],
      regex => qr/\Asignal\t(?:SIG)?(?:(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[0-9]{1,2}|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:\-[0-9]{1,2})?)\t(?:\-)?[0-9]+\t[0-9]+\z/ },
    { name => 'log.filter', since => 1, args => [['LEVEL', 'level', '']],
      regex => qr/\Alog\.filter\t(?:none|trace|debug|info|warning|error|fatal)\z/ },
    { name => 'log.dest', since => 2, args => [['TYPE', 'log_type', ''], ['FD', 'fd', '']],
      regex => qr/\Alog\.dest\tfd\t[A-Za-z0-9\._\-]{1,31}\z/ },
    { name => 'terminate.exec_args', since => 2, args => [['ARGS', 'exec_arg', '*']],
      regex => qr/\Aterminate\.exec_args(?:\t|(?:\t[\x20-\xFF]*)*)\z/ },
    { name => 'signal.default', since => 2, args => [['SIGNAL', 'signal', ''], ['ACTION', 'signal_action', '']],
      regex => qr/\Asignal\.default\t(?:SIG)?(?:(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[0-9]{1,2}|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:\-[0-9]{1,2})?)\t(?:event|shutdown|terminate|forward)\z/ },
    { name => 'chdir', since => 2, args => [['PATH', 'path', '']],
      needs_fields => 1,
      regex => qr/\Achdir\t[\x20-\xFF]+\z/ },
    { name => 'socket.create', since => 2, args => [['OPTIONS', 'socket_options', ''], ['PATH', 'path', '']],
      regex => qr/\Asocket\.create\t(?:(?:\-|(?:name=[A-Za-z0-9\._\-]{1,31}|mode=[\x30-\x37]{1,4}|uid=[0-9]{1,10}|gid=[0-9]{1,10}|rights=(?:watch|operate|full)|services=[A-Za-z0-9\._\-\*\?]{1,31}(?::[A-Za-z0-9\._\-\*\?]{1,31})*|most=[0-9]{1,10})(?:,(?:name=[A-Za-z0-9\._\-]{1,31}|mode=[\x30-\x37]{1,4}|uid=[0-9]{1,10}|gid=[0-9]{1,10}|rights=(?:watch|operate|full)|services=[A-Za-z0-9\._\-\*\?]{1,31}(?::[A-Za-z0-9\._\-\*\?]{1,31})*|most=[0-9]{1,10}))*))?\t[\x20-\xFF]+\z/ },
    { name => 'socket.delete', since => 2, args => [['NAME', 'socket', '?']],
      regex => qr/\Asocket\.delete(?:\t[A-Za-z0-9\._\-]{1,31})?\z/ },
    { name => 'info', since => 1, args => [['TEXT', 'text', '']],
      regex => qr/\Ainfo\t[\x20-\xFF\t]*\z/ },
    { name => 'warning', since => 1, args => [['TEXT', 'text', '']],
      regex => qr/\Awarning\t[\x20-\xFF\t]*\z/ },
    { name => 'error', since => 1, args => [['TEXT', 'text', '']],
      regex => qr/\Aerror\t[\x20-\xFF\t]*\z/ },
    { name => 'overflow', since => 1, args => [],
      regex => qr/\Aoverflow\z/ },
    { name => 'conn.features', since => 2, args => [['FEATURES', 'feature', '*']],
      regex => qr/\Aconn\.features(?:\t|(?:\t[A-Za-z0-9\._\-]{1,31})*)\z/ },
    { name => 'conn.timer', since => 2, args => [['NAME', 'timer', '']],
      regex => qr/\Aconn\.timer\t[A-Za-z0-9\._\-]{1,31}\z/ },
    { name => 'conn.state', since => 2, args => [['ID', 'count', ''], ['KIND', 'conn_kind', ''], ['UID', 'id', ''], ['GID', 'id', ''], ['PID', 'id', ''], ['RIGHTS', 'conn_rights', ''], ['FEATURES', 'feature', '*']],
      regex => qr/\Aconn\.state\t[0-9]+\t(?:config|interactive|socket(?::[A-Za-z0-9\._\-]{1,31})?|service(?::[A-Za-z0-9\._\-]{1,31})?)\t(?:[0-9]{1,10}|\-)\t(?:[0-9]{1,10}|\-)\t(?:[0-9]{1,10}|\-)\t(?:watch|operate|full)(?::[\x21-\x7E]*)?(?:\t|(?:\t[A-Za-z0-9\._\-]{1,31})*)\z/ },
    { name => 'done', since => 2, args => [['TAG', 'command_tag', ''], ['ERROR', 'error_name', '?'], ['TEXT', 'error_text', '?']],
      needs_fields => 1,
      regex => qr/\Adone\t[A-Za-z0-9\._\-]{1,31}(?:\t[A-Za-z0-9\._\-]{1,31}(?:\t[\x20-\xFF\t]*)?)?\z/ },
    { name => 'terminate.state', since => 2, args => [['PHASE', 'phase', ''], ['REMAINING', 'count', '']],
      regex => qr/\Aterminate\.state\t(?:stopping|killing|flushing)\t[0-9]+\z/ },
);

@FACTS = (
    { name => 'starts', kind => 'number' },
    { name => 'why', kind => 'word' },
    { name => 'pid', kind => 'number' },
    { name => 'start', kind => 'moment' },
    { name => 'exec', kind => 'moment' },
    { name => 'ready', kind => 'moment' },
    { name => 'failed', kind => 'failure' },
    { name => 'stop', kind => 'moment' },
    { name => 'late', kind => 'word' },
    { name => 'killed', kind => 'flag' },
    { name => 'end', kind => 'moment' },
    { name => 'exit', kind => 'number' },
    { name => 'signal', kind => 'word' },
    { name => 'core', kind => 'flag' },
    { name => 'success', kind => 'flag' },
    { name => 'left', kind => 'number' },
    { name => 'cpu', kind => 'seconds', once => 1 },
    { name => 'maxrss', kind => 'number', once => 1 },
    { name => 'stale', kind => 'flag' },
    { name => 'held', kind => 'flag' },
    { name => 'gaveup', kind => 'flag' },
    { name => 'failures', kind => 'number' },
    { name => 'retry', kind => 'number' },
    { name => 'next', kind => 'moment' },
    { name => 'status', kind => 'word' },
);

@ERRORS = (
    { name => 'UnknownCommand', text => 'Unknown command: {name}', bare => 1,
      regex => qr/\AUnknown command: (.*)\z/ },
    { name => 'LineTooLong', text => 'line too long', bare => 1,
      regex => qr/\Aline too long\z/ },
    { name => 'InvalidTag', text => 'invalid tag', bare => 0,
      regex => qr/\Ainvalid tag\z/ },
    { name => 'ExpectedCommand', text => 'expected a command after the tag', bare => 0,
      regex => qr/\Aexpected a command after the tag\z/ },
    { name => 'NestedTag', text => 'a tagged command cannot have another tag', bare => 0,
      regex => qr/\Aa tagged command cannot have another tag\z/ },
    { name => 'UnexpectedArgument', text => 'unexpected argument "{argument}"', bare => 0,
      regex => qr/\Aunexpected argument \"(.*)\"\z/ },
    { name => 'ExpectedInteger', text => 'Expected integer', bare => 0,
      regex => qr/\AExpected integer\z/ },
    { name => 'ExpectedNonNegativeInteger', text => 'Expected integer of 0 or more', bare => 0,
      regex => qr/\AExpected integer of 0 or more\z/ },
    { name => 'InvalidFeatureName', text => 'invalid feature name', bare => 0,
      regex => qr/\Ainvalid feature name\z/ },
    { name => 'ExpectedTimerName', text => 'Expected timer name', bare => 0,
      regex => qr/\AExpected timer name\z/ },
    { name => 'InvalidTimerName', text => 'Invalid timer name', bare => 0,
      regex => qr/\AInvalid timer name\z/ },
    { name => 'InvalidDelay', text => 'invalid delay, expected seconds such as 1.5, or -', bare => 0,
      regex => qr/\Ainvalid delay, expected seconds such as 1\.5, or \-\z/ },
    { name => 'TooManyTimers', text => 'too many timers, at most 16 for each connection', bare => 0,
      regex => qr/\Atoo many timers, at most 16 for each connection\z/ },
    { name => 'NotPermitted', text => 'command not permitted on this connection', bare => 0,
      regex => qr/\Acommand not permitted on this connection\z/ },
    { name => 'ExpectedRights', text => 'expected watch, operate or full', bare => 0,
      regex => qr/\Aexpected watch, operate or full\z/ },
    { name => 'UnknownRights', text => 'unknown rights "{rights}", expected watch, operate or full', bare => 0,
      regex => qr/\Aunknown rights \"(.*)\", expected watch, operate or full\z/ },
    { name => 'InvalidPattern', text => 'invalid pattern "{pattern}"', bare => 0,
      regex => qr/\Ainvalid pattern \"(.*)\"\z/ },
    { name => 'CannotLimitFullRights', text => 'full rights cannot be limited to services', bare => 0,
      regex => qr/\Afull rights cannot be limited to services\z/ },
    { name => 'TooManyPatterns', text => 'more than 16 patterns', bare => 0,
      regex => qr/\Amore than 16 patterns\z/ },
    { name => 'ExpectedServiceName', text => 'Expected service name', bare => 0,
      regex => qr/\AExpected service name\z/ },
    { name => 'InvalidServiceName', text => 'Invalid service name', bare => 0,
      regex => qr/\AInvalid service name\z/ },
    { name => 'NoSuchService', text => 'No such service', bare => 0,
      regex => qr/\ANo such service\z/ },
    { name => 'UnableToAllocateService', text => 'Unable to allocate new service', bare => 0,
      regex => qr/\AUnable to allocate new service\z/ },
    { name => 'UnableToSetArgv', text => 'unable to set argv', bare => 0,
      regex => qr/\Aunable to set argv\z/ },
    { name => 'ExpectedProgram', text => 'Expected program argument', bare => 0,
      regex => qr/\AExpected program argument\z/ },
    { name => 'InvalidFdName', text => 'invalid fd name', bare => 0,
      regex => qr/\Ainvalid fd name\z/ },
    { name => 'UnableToSetFds', text => 'unable to set file descriptors', bare => 0,
      regex => qr/\Aunable to set file descriptors\z/ },
    { name => 'UnableToSetTags', text => 'unable to set tags', bare => 0,
      regex => qr/\Aunable to set tags\z/ },
    { name => 'ExpectedTag', text => 'Expected tag argument', bare => 0,
      regex => qr/\AExpected tag argument\z/ },
    { name => 'InvalidTagChange', text => 'invalid tag change "{change}"', bare => 0,
      regex => qr/\Ainvalid tag change \"(.*)\"\z/ },
    { name => 'UnableToSetOptions', text => 'unable to set options', bare => 0,
      regex => qr/\Aunable to set options\z/ },
    { name => 'AnotherMainService', text => 'another service is the main one', bare => 0,
      regex => qr/\Aanother service is the main one\z/ },
    { name => 'ExpectedOption', text => 'Expected option argument', bare => 0,
      regex => qr/\AExpected option argument\z/ },
    { name => 'InvalidOption', text => 'invalid option "{option}", expected {expected}', bare => 0,
      regex => qr/\Ainvalid option \"(.*)\", expected (.*)\z/ },
    { name => 'NoCgroup', text => 'the daemon was started without --cgroup', bare => 0,
      regex => qr/\Athe daemon was started without \-\-cgroup\z/ },
    { name => 'OptionGivenTwice', text => 'option "{option}" is given twice', bare => 0,
      regex => qr/\Aoption \"(.*)\" is given twice\z/ },
    { name => 'UnableToSetEnvironment', text => 'unable to set environment', bare => 0,
      regex => qr/\Aunable to set environment\z/ },
    { name => 'EnvironmentTooLong', text => 'environment longer than 65535 bytes', bare => 0,
      regex => qr/\Aenvironment longer than 65535 bytes\z/ },
    { name => 'ExpectedEnvItem', text => 'Expected environment item', bare => 0,
      regex => qr/\AExpected environment item\z/ },
    { name => 'InvalidEnvItem', text => 'invalid environment item, expected KEY=VALUE, KEY%=VALUE or !KEY, and ! only first', bare => 0,
      regex => qr/\Ainvalid environment item, expected KEY=VALUE, KEY\%=VALUE or \!KEY, and \! only first\z/ },
    { name => 'InvalidInterval', text => 'invalid interval', bare => 0,
      regex => qr/\Ainvalid interval\z/ },
    { name => 'UnableToSetTriggers', text => 'unable to set auto_up triggers', bare => 0,
      regex => qr/\Aunable to set auto_up triggers\z/ },
    { name => 'NoArgsConfigured', text => 'no args configured for service', bare => 0,
      regex => qr/\Ano args configured for service\z/ },
    { name => 'InvalidTimestamp', text => 'invalid timestamp', bare => 0,
      regex => qr/\Ainvalid timestamp\z/ },
    { name => 'ServiceIsNotStartable', text => 'service is not startable', bare => 0,
      regex => qr/\Aservice is not startable\z/ },
    { name => 'NoStartPending', text => 'no service.start pending', bare => 0,
      regex => qr/\Ano service\.start pending\z/ },
    { name => 'ServiceIsNotRunning', text => 'service is not running', bare => 0,
      regex => qr/\Aservice is not running\z/ },
    { name => 'ServiceIsRunning', text => 'service is running', bare => 0,
      regex => qr/\Aservice is running\z/ },
    { name => 'ReadyFdInUse', text => 'the descriptor of ready= is in the list', bare => 0,
      regex => qr/\Athe descriptor of ready= is in the list\z/ },
    { name => 'NotAwaited', text => 'service does not wait for this', bare => 0,
      regex => qr/\Aservice does not wait for this\z/ },
    { name => 'UnknownOption', text => 'unknown option "{option}"', bare => 0,
      regex => qr/\Aunknown option \"(.*)\"\z/ },
    { name => 'Kill', text => 'can\'t kill {name} (pid {pid}): {reason}', bare => 0,
      regex => qr/\Acan\'t kill (.*) \(pid (.*)\): (.*)\z/ },
    { name => 'LoggerNameTooLong', text => 'service name too long: "{name}-log.r" would pass 31 characters', bare => 0,
      regex => qr/\Aservice name too long: \"(.*)\-log\.r\" would pass 31 characters\z/ },
    { name => 'InvalidFdNumbers', text => 'expected descriptor numbers from 0 to 255, such as 1,2', bare => 0,
      regex => qr/\Aexpected descriptor numbers from 0 to 255, such as 1,2\z/ },
    { name => 'ExpectedSignalArgument', text => 'Expected signal argument', bare => 0,
      regex => qr/\AExpected signal argument\z/ },
    { name => 'InvalidSignalArgument', text => 'Invalid signal argument', bare => 0,
      regex => qr/\AInvalid signal argument\z/ },
    { name => 'InvalidSignalNumber', text => 'Invalid signal number', bare => 0,
      regex => qr/\AInvalid signal number\z/ },
    { name => 'ExpectedAction', text => 'Expected action argument', bare => 0,
      regex => qr/\AExpected action argument\z/ },
    { name => 'UnknownAction', text => 'unknown action "{action}", expected event, shutdown, terminate or forward', bare => 0,
      regex => qr/\Aunknown action \"(.*)\", expected event, shutdown, terminate or forward\z/ },
    { name => 'ExpectedFileDescriptorName', text => 'Expected file descriptor name', bare => 0,
      regex => qr/\AExpected file descriptor name\z/ },
    { name => 'InvalidFileDescriptorName', text => 'Invalid file descriptor name', bare => 0,
      regex => qr/\AInvalid file descriptor name\z/ },
    { name => 'NamesMustDiffer', text => 'the two names must differ', bare => 0,
      regex => qr/\Athe two names must differ\z/ },
    { name => 'NoSuchFd', text => 'No such file descriptor', bare => 0,
      regex => qr/\ANo such file descriptor\z/ },
    { name => 'FdCannotBeAltered', text => 'File descriptor cannot be altered', bare => 0,
      regex => qr/\AFile descriptor cannot be altered\z/ },
    { name => 'UnableToAllocateFd', text => 'Unable to allocate new file descriptor object', bare => 0,
      regex => qr/\AUnable to allocate new file descriptor object\z/ },
    { name => 'MissingFlags', text => 'missing flags argument', bare => 0,
      regex => qr/\Amissing flags argument\z/ },
    { name => 'UnknownFlag', text => 'unknown flag "{flag}"', bare => 0,
      regex => qr/\Aunknown flag \"(.*)\"\z/ },
    { name => 'MissingPath', text => 'missing path argument', bare => 0,
      regex => qr/\Amissing path argument\z/ },
    { name => 'InvalidPath', text => 'control character in path', bare => 0,
      regex => qr/\Acontrol character in path\z/ },
    { name => 'UnexpectedAfterPath', text => 'unexpected argument after path', bare => 0,
      regex => qr/\Aunexpected argument after path\z/ },
    { name => 'ExpectedAddress', text => 'expected address argument', bare => 0,
      regex => qr/\Aexpected address argument\z/ },
    { name => 'InvalidAddress', text => 'invalid address', bare => 0,
      regex => qr/\Ainvalid address\z/ },
    { name => 'UnexpectedAfterAddress', text => 'unexpected argument after address', bare => 0,
      regex => qr/\Aunexpected argument after address\z/ },
    { name => 'InvalidMode', text => 'invalid mode, expected mode=0 to mode=0777 together with create', bare => 0,
      regex => qr/\Ainvalid mode, expected mode=0 to mode=0777 together with create\z/ },
    { name => 'InvalidListenQueue', text => 'invalid listen queue length', bare => 0,
      regex => qr/\Ainvalid listen queue length\z/ },
    { name => 'NoAncillaryFd', text => 'No ancillary file descriptor received', bare => 0,
      regex => qr/\ANo ancillary file descriptor received\z/ },
    { name => 'CannotGiveFd', text => 'descriptors can only be passed over a unix socket', bare => 0,
      regex => qr/\Adescriptors can only be passed over a unix socket\z/ },
    { name => 'GiveFd', text => 'cannot pass the descriptor: {reason}', bare => 0,
      regex => qr/\Acannot pass the descriptor: (.*)\z/ },
    { name => 'Open', text => 'open failed: {reason}', bare => 0,
      regex => qr/\Aopen failed: (.*)\z/ },
    { name => 'Pipe', text => 'pipe() failed: {reason}', bare => 0,
      regex => qr/\Apipe\(\) failed: (.*)\z/ },
    { name => 'Socketpair', text => 'socketpair() failed: {reason}', bare => 0,
      regex => qr/\Asocketpair\(\) failed: (.*)\z/ },
    { name => 'Socket', text => 'socket: {reason}', bare => 0,
      regex => qr/\Asocket: (.*)\z/ },
    { name => 'Setsockopt', text => 'setsockopt: {reason}', bare => 0,
      regex => qr/\Asetsockopt: (.*)\z/ },
    { name => 'Bind', text => 'bind: {reason}', bare => 0,
      regex => qr/\Abind: (.*)\z/ },
    { name => 'Listen', text => 'listen: {reason}', bare => 0,
      regex => qr/\Alisten: (.*)\z/ },
    { name => 'InvalidOptions', text => 'Invalid options', bare => 0,
      regex => qr/\AInvalid options\z/ },
    { name => 'InvalidSocketOption', text => 'invalid socket option "{option}"', bare => 0,
      regex => qr/\Ainvalid socket option \"(.*)\"\z/ },
    { name => 'InvalidSocketName', text => 'invalid socket name', bare => 0,
      regex => qr/\Ainvalid socket name\z/ },
    { name => 'SocketNameInUse', text => 'socket name in use', bare => 0,
      regex => qr/\Asocket name in use\z/ },
    { name => 'NoSuchSocket', text => 'No such socket', bare => 0,
      regex => qr/\ANo such socket\z/ },
    { name => 'TooManySockets', text => 'too many sockets', bare => 0,
      regex => qr/\Atoo many sockets\z/ },
    { name => 'FailedToCreateControlSocket', text => 'Failed to create control socket', bare => 0,
      regex => qr/\AFailed to create control socket\z/ },
    { name => 'InvalidLogLevel', text => 'Invalid loglevel argument', bare => 0,
      regex => qr/\AInvalid loglevel argument\z/ },
    { name => 'UnknownLoggingType', text => 'Unknown logging type', bare => 0,
      regex => qr/\AUnknown logging type\z/ },
    { name => 'Chdir', text => 'chdir failed: {reason}', bare => 0,
      regex => qr/\Achdir failed: (.*)\z/ },
    { name => 'UpgradeUnderWay', text => 'an upgrade is under way', bare => 0,
      regex => qr/\Aan upgrade is under way\z/ },
    { name => 'Upgrade', text => 'cannot upgrade: {reason}', bare => 0,
      regex => qr/\Acannot upgrade: (.*)\z/ },
    { name => 'InvalidTimeout', text => 'invalid timeout, must be 1 to 2147483647', bare => 0,
      regex => qr/\Ainvalid timeout, must be 1 to 2147483647\z/ },
    { name => 'ResetGreaterThanClose', text => 'reset timeout is greater than close timeout', bare => 0,
      regex => qr/\Areset timeout is greater than close timeout\z/ },
    { name => 'SecondsOutOfRange', text => 'seconds must be 0 to 2147483647', bare => 0,
      regex => qr/\Aseconds must be 0 to 2147483647\z/ },
    { name => 'ExitCodeOutOfRange', text => 'exit code must be 0 to 255', bare => 0,
      regex => qr/\Aexit code must be 0 to 255\z/ },
    { name => 'GuardCodeRequired', text => 'terminate guard code required', bare => 0,
      regex => qr/\Aterminate guard code required\z/ },
    { name => 'IncorrectTerminateGuardCode', text => 'incorrect terminate guard code', bare => 0,
      regex => qr/\Aincorrect terminate guard code\z/ },
    { name => 'ExecNotConfigured', text => 'cannot exit, and exec-on-exit is not configured', bare => 0,
      regex => qr/\Acannot exit, and exec\-on\-exit is not configured\z/ },
    { name => 'ExpectedPlusOrMinus', text => 'expected + or -', bare => 0,
      regex => qr/\Aexpected \+ or \-\z/ },
    { name => 'CodeCannotBeZero', text => 'code cannot be 0', bare => 0,
      regex => qr/\Acode cannot be 0\z/ },
    { name => 'GuardAlreadySet', text => 'terminate guard code is already set', bare => 0,
      regex => qr/\Aterminate guard code is already set\z/ },
    { name => 'GuardNotSet', text => 'terminate guard was not set', bare => 0,
      regex => qr/\Aterminate guard was not set\z/ },
    { name => 'IncorrectGuardCode', text => 'incorrect guard code', bare => 0,
      regex => qr/\Aincorrect guard code\z/ },
    { name => 'ExecArgsTooLong', text => 'exec arguments exceed buffer size', bare => 0,
      regex => qr/\Aexec arguments exceed buffer size\z/ },
    { name => 'InvalidExecArgs', text => 'control character in exec arguments', bare => 0,
      regex => qr/\Acontrol character in exec arguments\z/ },
    { name => 'ShutdownInProgress', text => 'shutdown in progress', bare => 0,
      regex => qr/\Ashutdown in progress\z/ },
);

%WORDS = (
    signame => ['ABRT', 'ALRM', 'BUS', 'CHLD', 'CLD', 'CONT', 'FPE', 'HUP', 'ILL', 'INT', 'IO', 'IOT', 'KILL', 'PIPE', 'POLL', 'PROF', 'PWR', 'QUIT', 'SEGV', 'STKFLT', 'STOP', 'SYS', 'TERM', 'TRAP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'USR1', 'USR2', 'VTALRM', 'WINCH', 'XCPU', 'XFSZ'],
    level => ['none', 'trace', 'debug', 'info', 'warning', 'error', 'fatal'],
    phase => ['stopping', 'killing', 'flushing'],
    signal_action => ['event', 'shutdown', 'terminate', 'forward'],
    file_flag => ['read', 'write', 'append', 'create', 'trunc', 'truncate', 'nonblock', 'mkdir'],
    pipe_flag => ['unix', 'inet', 'inet6', 'tcp', 'udp', 'stream', 'dgram', 'seqpacket', 'nonblock'],
);

%KIND    = map { $_->{name} => $_ } @KINDS;
%COMMAND = map { $_->{name} => $_ } @COMMANDS;
%OPTION  = map { $_->{name} => $_ } @OPTIONS;
%EVENT   = map { $_->{name} => $_ } @EVENTS;
%FACT    = map { $_->{name} => $_ } @FACTS;
%ERROR   = map { $_->{name} => $_ } @ERRORS;

1;

__END__

=head1 NAME

Daemonproxy::Grammar - the commands, events, fields and errors of daemonproxy, as tables

=head1 SYNOPSIS

    use Daemonproxy::Grammar;

    say for map { $_->{name} } @Daemonproxy::Grammar::COMMANDS;
    say 'a name' if $text =~ $Daemonproxy::Grammar::KIND{service}{regex};

=head1 DESCRIPTION

This module is generated from the grammar of the protocol. All its tables are package variables, and nobody
but the generator changes them. The examples below show a space where the line has a TAB.

=over 4

=item @KINDS, %KIND

Kinds of fields: C<name>, C<what> it is, the error text when it is C<missing> (or undef), and a C<regex>. What a
regular expression cannot say, such as the range of a number, is checked by L<Daemonproxy::Line>.

=item @COMMANDS, %COMMAND

C<name>, C<since> (the version of the protocol), C<args> (for each an array of name, kind and C<''>, C<?>, C<*> or C<+>),
C<events> that it causes, names of the C<errors> it can be refused with, C<surplus> (the text for a field too many), and
C<check> (a rule about several fields, and the fields).

=item @OPTIONS, %OPTION

The options of services: C<name>, C<what> one is as a whole, and C<names> if it is written C<KEY.NAME>.

=item @EVENTS, %EVENT

C<name>, C<since>, C<args>, and a C<regex> for the whole line. With C<needs_fields> a line that is only the name is no
event, but somebody's echo.

=item @FACTS, %FACT

What C<service.run> can tell of a run: C<name>, C<kind> (C<moment seconds number flag word failure>), and whether only
the first report after the end has it (C<once>).

=item @ERRORS, %ERROR

C<name>, C<text> (with holes such as C<{reason}>), C<regex>, and whether it stands alone (C<bare>), without the command
after it.

=item %WORDS

Words that a field is made of: C<signame level phase signal_action file_flag pipe_flag>, each an array.

=back

=head1 COMMANDS

=head2 echo [REST]

Sends the rest of the line back, exactly as it is, as a line of its own; nothing at all when there is no field. Answers come in the order of the commands, so an echo shows where the answers so far end.

    echo hello 42
    echo

=head2 statedump

Reports everything: each file descriptor, each service with its tags, arguments, descriptors and triggers, each signal with a pending count. Commands after it wait until the dump is complete.

    statedump

=head2 service.args NAME [ARG]...

Sets the argument list of a service, and creates the service if needed. The first argument is the program, searched for in PATH, and also its argv[0].

    service.args web httpd -p 80
    service.args web

=head2 service.fds NAME [FD]...

Sets which file descriptors become 0, 1, 2 and so on in the service, from its next start on. C<< - >> leaves a number closed. A name that does not exist yet only causes a warning. A service whose list was never set, or is empty, gets C<< null null null >>.

    service.fds web null log.w log.w
    service.fds web - stdout -
    service.fds web

=head2 service.tags NAME [TAG]...

Sets the tags of a service: free text that the daemon keeps for controllers and does not interpret.

    service.tags web role=frontend critical
    service.tags web

=head2 service.auto_up NAME [INTERVAL] [TRIGGER]...

Starts the service whenever one of the triggers holds, but never sooner than INTERVAL seconds after its last start. Without a trigger this is off. An INTERVAL of C<< - >> with triggers keeps the one set before, or 5 if there was none. Takes effect at once.

    service.auto_up web 5 always
    service.auto_up report 60 SIGUSR1 SIGHUP
    service.auto_up web - always
    service.auto_up web -
    service.auto_up web
    service.auto_up web 1 ready:db,done:migrate
    service.auto_up job 1 once failure

=head2 service.start NAME [AT]

Starts the service now, or at that second of CLOCK_MONOTONIC; C<< - >> cancels a start that is pending. A time of up to 100000 seconds ago means now. It is done before the next command is read. While the service is being stopped, it is started when the stop is over. It ends a hold.

    service.start web
    service.start web 86400
    service.start web -

=head2 service.stop NAME [AFTER]

Ends the service in good order, and holds it: until C<< service.start >>, C<< service.restart >> or C<< service.release >>, no trigger starts it. Its main process gets SIGTERM, or what the option C<< stop= >> says, and SIGCONT; when that has ended and others of its process group are left, they get the same; AFTER seconds (10, or what the option C<< stop_after= >> says) after the command, whatever is left gets SIGKILL. The stop is over when nothing is left: until then the service is not started again, and cannot be deleted. A service that is not running is only held, and a start that is pending is cancelled. A second stop can only shorten the time of the first.
Since protocol 2.

    service.stop web
    service.stop web 30
    service.stop web 2.5
    service.stop web 0

=head2 service.restart NAME [AFTER]

Stops the service as C<< service.stop >> does, and starts it again as soon as nothing of it is left, whatever the interval of its triggers. One that is not running is started at once. It ends a hold. Of a stop, a start and a restart, the latest decides what follows.
Since protocol 2.

    service.restart web
    service.restart web 30

=head2 service.release NAME

Ends the hold of a service that was stopped, without starting it: its triggers may do that.
Since protocol 2.

    service.release web

=head2 service.reload NAME

Asks the service to read its configuration again, if it is running: sends SIGHUP to its main process, or what the option C<< reload= >> says.
Since protocol 2.

    service.reload web

=head2 service.ready NAME

Says for a service with the option C<< ready=control >> that it is ready. Once is enough: said again, it changes nothing.
Since protocol 2.

    service.ready web

=head2 service.deadman NAME

Vouches for a service that runs and has the option C<< deadman= >>: its time begins again.
Since protocol 2.

    service.deadman web

=head2 service.signal NAME SIGNAL [GROUP]

Sends a signal to the service, if it is running; with C<< group >>, to its whole process group.

    service.signal web SIGTERM
    service.signal web HUP group
    service.signal web 9

=head2 service.delete NAME

Forgets the service, if it is not running and not being stopped.

    service.delete web

=head2 service.tags.apply NAME CHANGE...

Changes single tags and leaves the others as they are, all in one step, so that two controllers do not overwrite each other. C<< KEY=VALUE >> or C<< TAG >> sets or replaces, C<< -KEY >> removes.
Since protocol 2.

    service.tags.apply web owner=alice critical -role

=head2 service.options NAME [OPTION]...

Sets the options of a service: all of them, in place of those it had. They apply from its next start on, unless it is said otherwise; see the list of options. A user or group that does not exist now only causes a warning.
Since protocol 2.

    service.options web cwd=/srv/web umask=027 limit.nofile=4096
    service.options web

=head2 service.options.apply NAME CHANGE...

Changes single options and leaves the others as they are, all in one step. C<< KEY=VALUE >> or a word sets or replaces, C<< -KEY >> takes out.
Since protocol 2.

    service.options.apply web umask=022 -limit.nofile

=head2 service.env NAME [ENV]...

Sets what is different in the environment of a service, from its next start on. A start gets the environment of the daemon, changed by C<< env >>, by what C<< user= >> sets, and by this; the PATH of the result is searched for the program. At most 65535 bytes. No value is ever in the log.
Since protocol 2.

    service.env web LANG=C MOTD%=two%0Alines !DEBUG
    service.env web ! PATH=/bin
    service.env web

=head2 service.env.apply NAME CHANGE...

Changes single items of that, and leaves the others as they are, all in one step.
Since protocol 2.

    service.env.apply web LANG=de -MOTD

=head2 env [ENV]...

The same for every service: what C<< service.env >> says comes after it.
Since protocol 2.

    env LANG=C !LD_PRELOAD
    env

=head2 env.apply CHANGE...

Changes single items of that.
Since protocol 2.

    env.apply LANG=de -TZ

=head2 service.pipe NAME FDS ARG...

Gives the service a logger of its own: a pipe C<< NAME-log.r >> / C<< NAME-log.w >>, a service C<< NAME-log >> with these arguments that reads from it, is always up and is started again after 1 second at the earliest; and C<< NAME-log.w >> in the places FDS of the service's descriptor list. A second C<< service.pipe >> for the same service changes the logger's arguments and keeps the pipe, with whatever is in it.
Since protocol 2.

    service.pipe web 1,2 logger -t web

=head2 fd.pipe READ WRITE [FLAGS]

Makes a pipe and names its two ends, or a pair of sockets if any flag is one of sockets. A name in use is closed and taken over.

    fd.pipe log.r log.w
    fd.pipe a b unix,stream,nonblock

=head2 fd.open NAME FLAGS PATH

Opens a file. A new file gets the mode 0600, directories made by C<< mkdir >> 0700. A name in use is closed and taken over.

    fd.open web.log write,append,create,mkdir /var/log/web/out
    fd.open conf read /etc/web.conf

=head2 fd.socket NAME FLAGS [ADDRESS]

Makes a socket, binds it if there is an address, and listens if C<< listen >> is among the flags. SO_REUSEADDR is set before a bind. A name in use is closed and taken over. With C<< listen >>, the file of a unix socket at which nobody listens any more is replaced.

    fd.socket http inet,stream,listen=64 127.0.0.1:80
    fd.socket http tcp,listen *:80
    fd.socket http6 inet6,tcp,listen [::1]:8080
    fd.socket ctl unix,listen,mkdir /run/web/ctl
    fd.socket out udp

=head2 fd.take NAME

Takes the file descriptor that was passed along with this line as SCM_RIGHTS over a unix socket. A name in use is closed and taken over. Send the descriptor and the whole line with one sendmsg(2): a descriptor that is not taken by the lines it came with is closed, and so is one that has waited 30 seconds for the end of its line. At most 32 descriptors wait for one controller, and 256 for all of them.

    fd.take conn

=head2 fd.give NAME

Passes the file descriptor to this connection, which must be a unix socket: an event of the same name, with the descriptor as SCM_RIGHTS in the message that begins with that line. Both share one open file. Read with recvmsg(2): a plain read(2) loses it. Commands after it wait until it is sent.
Since protocol 2.

    fd.give conn

=head2 fd.delete NAME

Closes the file descriptor and forgets its name.

    fd.delete log.w

=head2 socket.create OPTIONS PATH

Listens for controllers on a unix socket. The one without a name replaces and unlinks the one before it; those with names (protocol 2), at most 15, are additional ones. A left-over socket at PATH is removed first; anything else in the way is an error. The socket appears at PATH when it listens and has its mode and its owner. Whoever connects has the rights that the options say, all of them if they say nothing.

    socket.create - /run/daemonproxy.sock
    socket.create name=ops,mode=0660,gid=50,rights=operate,services=web-*:mail,most=20 /run/ops.sock

=head2 socket.delete [NAME]

Closes and unlinks the control socket, if there is one, or the one of that name (protocol 2). Controllers that are connected stay.

    socket.delete
    socket.delete ops

=head2 signal.clear SIGNAL COUNT

Takes COUNT off the pending count of a signal, which never goes below 0.

    signal.clear SIGHUP 1

=head2 signal.default SIGNAL ACTION

What the daemon does with a signal that no connected controller reads and no service has as a trigger. An action that ends the daemon turns off the guard that it has by itself as PID 1. A guard that was asked for stays, no signal ends the daemon then, and a warning says so. WINCH, which is never an event, can be forwarded, too.
Since protocol 2.

    signal.default TERM shutdown
    signal.default HUP event
    signal.default QUIT terminate
    signal.default WINCH forward

=head2 log.filter [CHANGE]

Suppresses log messages of that level and those below it, and answers with the filter now in force. Without an argument it only answers.

    log.filter debug
    log.filter +
    log.filter -
    log.filter none
    log.filter

=head2 log.dest TYPE FD

From now on the log goes to the file descriptor of that name, even if it does not exist yet or is closed and made again: the log waits for it.

    log.dest fd log.w

=head2 chdir PATH

Changes the working directory of the daemon, and so of the services that it starts from now on.

    chdir /var/lib/web

=head2 conn.event_timeout RESET CLOSE

How long this controller may leave its events unread, in seconds: after RESET what cannot be written is thrown away, after CLOSE the connection is closed. The defaults are 15 and 30.

    conn.event_timeout 15 30

=head2 conn.features [FEATURE]...

Sets what this connection wants of protocol 2, in place of what it wanted before; the answer says what is in force. A feature that this daemon does not know is left out of the answer. C<< observer >>: this connection is no listener for signals, so while nobody else is connected a signal still does what it does by default (C<< signal.default >>). C<< runs >>: after each C<< service.state >> this connection is told what is known of the run, as C<< service.run >>, and so it is in dumps. C<< settings >>: it hears of all that can be set, also when somebody else sets it, and a state dump reports it.
Since protocol 2.

    conn.features observer
    conn.features observer runs settings
    conn.features

=head2 conn.timer NAME SECONDS

Sets a timer of this connection: so many seconds from now, the event C<< conn.timer >> with this NAME comes, to this connection only. If there is a timer of this name, it is moved; with C<< - >> it is cancelled, and if there is none, nothing happens. A connection has at most 16 timers at a time, and one that has run out is none any more. While a connection does not read, its timers wait, and none of them is lost.
Since protocol 2.

    conn.timer check 1.5
    conn.timer check -

=head2 conn.restrict RIGHTS [GLOB]...

Narrows what this connection may do from here on. Nothing widens it again. With patterns, which go with C<< watch >> and C<< operate >>, it hears of services only whose names match one of them, and can do nothing with the others: for this connection they do not exist. Where it was limited before, both hold. A service that is hidden is not told of by any event or dump, and its name stands as C<< * >> in lines about others; so do names of file descriptors. File descriptors, signals, settings, other connections and the shutdown are told of to connections with full rights only; C<< conn.list >> tells each of itself. Descriptors that it passes are closed, and it is no listener for signals. At most 16 patterns. There is no answer; with a tag there is its end.
Since protocol 2.

    conn.restrict watch
    conn.restrict operate web-* mail
    conn.restrict full

=head2 conn.list

Reports every connection there is, each with a line, this one as well. A connection without full rights is told of itself only, and so what it may do.
Since protocol 2.

    conn.list

=head2 exit

Closes the connection of this controller, once everything that it is owed has been delivered.

    exit

=head2 terminate CODE [GUARD]

The daemon leaves at once with that exit code, and does not touch the services. While the guard is on, GUARD must be its code, and a program to exec must be set.

    terminate 0
    terminate 3 4242

=head2 terminate.guard ON CODE

Turns the guard on, which protects the daemon from an accidental C<< terminate >>, or off again with the same code.

    terminate.guard + 4242
    terminate.guard - 4242

=head2 terminate.exec_args [ARG]...

The program that the daemon becomes, for whatever reason it leaves, instead of exiting. No argument turns it off.

    terminate.exec_args /sbin/reboot -f
    terminate.exec_args

=head2 terminate.shutdown [TERM] [KILL] [FLUSH] [GUARD] [CODE]

Shuts down in an orderly way. Nothing is started any more. Every service is stopped in its own way, as its options C<< stop >>, C<< stop_after >> and C<< kill >> say: those that write into a pipe before those that read from it, those whose conditions name others with C<< ready: >> or C<< up: >> before those others, and controllers last. A circle is stopped as if it were one service. When the main process of a service has ended and others of its process group are left, they get the same, and the service has gone when they have. TERM caps every C<< stop_after >>, and is the time of the services without one, which otherwise is 10 seconds. There is one deadline, however many wait for each other: at TERM seconds after the shutdown began, without TERM after the longest C<< stop_after >>, but at least 10 seconds, all services whose turn has come get SIGKILL, with all that their stop is about; KILL seconds (5) after that everything that is left is given up. As process 1 the daemon takes everything else in its pid namespace along when the services have gone: SIGTERM, and SIGKILL at the same deadline. Then events and the log are delivered, for at most FLUSH seconds (5). The exit code is 10 if something needed SIGKILL, and 11 if something outlived it; or else that of the service with the option C<< main >>, or CODE (0) if there is none or it never ran. A second C<< terminate.shutdown >> can only shorten the times of the first. A second SIGTERM, SIGINT or SIGQUIT during the shutdown means SIGKILL at once, even if a controller hears of it.
Since protocol 2.

    terminate.shutdown
    terminate.shutdown 30
    terminate.shutdown 30 10 - 4242
    terminate.shutdown 30 10 5 - 3

=head2 upgrade [PROGRAM] [GUARD]

The daemon becomes PROGRAM, another version of itself, and goes on: the same process, with all children, connections, descriptors and times. Without PROGRAM it is the path by which the daemon was started. First PROGRAM is asked whether it understands everything that there is; if it does not, or says nothing for 10 seconds, the command is refused, and nothing has changed. Other connections are served meanwhile; commands of this one wait until the outcome is known. While the guard is on, GUARD must be its code.
Since protocol 2.

    upgrade
    upgrade /usr/local/sbin/daemonproxy
    upgrade - 4242

=head1 OPTIONS

Of services, for C<service.options>.

=over 4

=item cwd

The working directory. A relative PATH starts at that of the daemon, which is also the one without this option.

    cwd=/srv/web

=item umask

The file mode creation mask (umask(2)). Without it the one that the daemon was started with.

    umask=027

=item nice

The nice value (setpriority(2)): 19 is the lowest priority. Below 0 takes a privilege.

    nice=10
    nice=-5

=item oom

How readily the kernel ends it when memory is short (oom_score_adj, proc(5)): -1000 is never. Less than the daemon has takes a privilege.

    oom=500

=item limit.NAME

A limit of setrlimit(2), in its unit. With one number it is both limits. A hard limit above that of the daemon takes a privilege. NAME is one of C<< as core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack >>.

    limit.nofile=1024:4096
    limit.core=unlimited
    limit.stack=8388608

=item memory

How many bytes of memory all of its processes may have together: C<< memory.max >> of its cgroup, the one that C<< kill=cgroup >> is about. Needs C<< --cgroup >>, and the memory controller in that directory.

    memory=67108864

=item no_new_privs

Nothing that it executes gives it more privileges, such as a set-user-ID program (PR_SET_NO_NEW_PRIVS, prctl(2)).

    no_new_privs

=item parent_death

This signal is sent to it if the daemon ends without having ended it first (PR_SET_PDEATHSIG, prctl(2)). A program that changes its user does not get it.

    parent_death=TERM

=item session

It leads a session of its own (setsid(2)), which no terminal controls; with C<< tty >> descriptor 0 becomes its controlling terminal. That fails at the stage C<< tty >> if it is no terminal, or controls another session.

    session
    session=tty

=item user

Whom it runs as, read from /etc/passwd at the start; no other source of names is asked. By NAME it also gets the groups that /etc/group says, and C<< HOME >>, C<< USER >>, C<< LOGNAME >> and C<< SHELL >>. A UID gets the group of its entry; one without an entry needs C<< group= >>. Whoever is not root has nothing of the daemon's privileges then: none of its groups, and no capability of any kind. Takes a privilege.

    user=www-data
    user=1000

=item group

Its group, in place of that of the user; a NAME is looked up in /etc/group. The supplementary groups of the daemon never stay.

    group=adm
    group=4

=item groups

Its supplementary groups, in place of those of the user: at most 64, joined by C<< : >>.

    groups=adm:4
    groups=

=item listen

Its descriptors from 3 on are announced to it as sd_listen_fds(3) expects: in C<< LISTEN_FDS >>, C<< LISTEN_PID >> and C<< LISTEN_FDNAMES >>.

    listen

=item args

C<< %XX >> in the arguments is one byte, and two hexadecimal digits are its number: so an argument can hold a TAB or several lines. C<< %25 >> is C<< % >>. Any other C<< % >> stays as it is, and so does C<< %00 >>.

    args=percent

=item stop

The signal that stops it, instead of TERM. An end by this signal, when it was told to stop, is a success. Takes effect at once.

    stop=INT

=item stop_after

How many seconds a stop leaves it before SIGKILL, when C<< service.stop >>, C<< service.restart >> and C<< terminate.shutdown >> do not say less, instead of 10. C<< - >>: there is no SIGKILL. While it is being stopped, C<< EXTEND_TIMEOUT_USEC= >> of sd_notify(3) gives it that much from then on, if that is more: but never more than the command that stops it said, nor than the one deadline of a shutdown. Takes effect at once.

    stop_after=60
    stop_after=2.5
    stop_after=0
    stop_after=-

=item kill

What a stop is about. C<< main >>: the main process alone; the stop is over when that has ended. C<< group >>, as without this option: all of its process group, and with C<< session >> all of its session; the stop is over when the last of them has gone. C<< cgroup >>: all that it has started, whatever groups and sessions they made: each run is in a cgroup of its own, C<< dp-NAME >> in the directory of C<< --cgroup >>, which is needed for this. Those in it that are not the main process get the stop signal when that has ended, and the stop is over when it is empty. Whatever is in there before a start is killed first. A run that was started without a cgroup is stopped as with C<< group >>. Takes effect at once.

    kill=main
    kill=group
    kill=cgroup

=item reload

The signal that C<< service.reload >> sends, instead of HUP. Takes effect at once.

    reload=USR1

=item ready

How it says that it is ready, which the condition C<< ready:NAME >> waits for; without this option it is ready when it is its program. C<< fd:N >>: it writes a line end to descriptor N, a pipe that the daemon makes (as with s6); one that closes it without that never is. N must be free in the list of its descriptors. C<< notify >>: it sends C<< READY=1 >>, as with sd_notify(3). C<< control >>: a controller says it, by C<< service.ready >>.

    ready=fd:3
    ready=notify
    ready=control

=item ready_within

How long it has, from its start, to be ready. If that is over, it is stopped in good order, and has failed, however it ends; it is not held. C<< EXTEND_TIMEOUT_USEC= >> of sd_notify(3) gives it that much more from then on. Takes effect at once.

    ready_within=30
    ready_within=0.5

=item watchdog

It must send C<< WATCHDOG=1 >> as with sd_notify(3) at least that often (C<< WATCHDOG_USEC >> and C<< WATCHDOG_PID >> in its environment tell it), from when it is ready until a stop begins. Else it gets SIGABRT, and SIGKILL after C<< stop_after= >>; it has failed, and is not held. Another time holds at once. C<< EXTEND_TIMEOUT_USEC= >> gives it that much from then on, once.

    watchdog=30

=item deadman

Somebody must keep vouching for it: unless C<< service.deadman >> comes at least that often, from its start on, it is stopped in good order and held. The time in which the machine sleeps counts (CLOCK_BOOTTIME). Takes effect at once.

    deadman=60

=item fdstore

Keeps up to so many descriptors that it sends with C<< FDSTORE=1 >> and C<< FDNAME= >> of sd_notify(3), as C<< NAME.FDNAME >>, NAME being that of the service; without FDNAME as C<< NAME.stored >>. That name must be free, or be one that it has stored before. Several that come with one message are stored all or not at all: the second as C<< NAME.FDNAME-2 >>, and so on, leaving out names that others have. A message takes the place of what was stored as its FDNAME before. Its next runs get them after the listed ones, from 3 on, in the order of FDNAME and as they were sent; with C<< listen >> all of a message are announced as FDNAME. They are kept until C<< FDSTOREREMOVE=1 >>, which is about all of that FDNAME, C<< fd.delete >> or C<< service.delete >>.

    fdstore=16

=item success

Ends of a run that count as success, besides exit status 0 and the signal of a stop: for the conditions C<< success >>, C<< failure >> and C<< done: >>. 143 and SIGTERM are not the same: a program that catches the signal may exit with the status. Takes effect at once.

    success=3:143:SIGTERM
    success=SIGINT

=item backoff

The interval of C<< service.auto_up >> becomes FACTOR (2) times as long after each run shorter than RESET seconds (MAX), up to MAX seconds. A longer run, C<< service.release >> or a start that somebody asks for ends that. A run that somebody stops counts as neither. How many short runs there were in a row is the fact C<< failures >> of C<< service.run >>. Takes effect at once.

    backoff=60
    backoff=60:1.5:10

=item giveup

After N starts by triggers within SECONDS the next one is withheld: the service is held, as by C<< service.stop >>, its C<< service.run >> says C<< gaveup >>, and the log has an error. SECONDS are counted from the first of these starts; if they pass without that, counting begins anew, and so it does with C<< service.release >> and a start that somebody asks for. An attempt that makes no process does not count. Takes effect at once.

    giveup=5/60
    giveup=3/0.5

=item on_giveup

That other service is started when this one is given up, unless it runs. One that is held stays down. Takes effect at once.

    on_giveup=alarm

=item main

The daemon is there for this service, as in a container. When it has ended and no trigger holds that starts it again, or it was given up, everything is shut down in good order, and the daemon exits with its status: that of the service, or 128 and the number of the signal that ended it; unless other services had to be killed (see C<< terminate.shutdown >>). While it is held, or its stop goes on, that is no reason. One service at most has this option. Takes effect at once.

    main

=back

=head1 EVENTS

=head2 service.state

A service starts, runs, has ended, or is forgotten.

    service.state web down - - - - - -
    service.state web start 1042 - - - - -
    service.state web up 1042 7123 - - 0 -
    service.state web down 1099 7123 exit 0 57 3
    service.state web down 1099 7123 signal SIGKILL 57 3
    service.state web deleted - - - - - -

=head2 service.run

What is known of the run of a service that goes on, or else of its last one; only for connections that want it (C<< conn.features >> with C<< runs >>). It follows each C<< service.state >> but C<< deleted >>, and comes again when a fact changes. RUN counts all starts of the daemon from 1 and never goes back: another process may get the same pid, but not the same RUN. 0: the service never ran.

    service.run web 0
    service.run web 0 next=1042.5
    service.run web 17 starts=3 why=always pid=7123 start=1042.000318 exec=1042.001204 ready=1042.001204
    service.run web 17 starts=3 why=always pid=7123 start=1042.000318 exec=1042.001204 ready=1042.001204 end=1099.25 exit=1 cpu=0.38 maxrss=5120 next=1104.25
    service.run web 18 starts=4 why=order pid=7201 start=1104.250101 failed=exec:2 end=1104.2517 exit=127

=head2 service.tags

The tags of a service.

    service.tags web role=frontend critical
    service.tags web 

=head2 service.args

The argument list of a service.

    service.args web httpd -p 80
    service.args web 

=head2 service.fds

The descriptor list of a service.

    service.fds web null log.w log.w
    service.fds web - stdout -
    service.fds web * web-log.w web-log.w
    service.fds web 

=head2 service.options

The options of a service. Only connections with the feature C<< settings >> hear of it, and whoever has set them.

    service.options web cwd=/srv/web umask=027
    service.options web 

=head2 service.env

The environment of a service, as far as it was set. Only connections with the feature C<< settings >> hear of it, and whoever has set it. One that is longer than a line goes on in events C<< service.env.apply >>.

    service.env web LANG=C !DEBUG
    service.env web 

=head2 service.env.apply

More of the environment of a service, to be added to what was told before.

    service.env.apply web TZ=UTC

=head2 env

The environment of every service, in the same way.

    env LANG=C !LD_PRELOAD

=head2 env.apply

More of that.

    env.apply TZ=UTC

=head2 service.auto_up

When a service starts by itself.

    service.auto_up web 5 ready:web-db,done:*
    service.auto_up web 5 always
    service.auto_up report 60 SIGHUP SIGUSR1
    service.auto_up web -

=head2 fd.state

A file descriptor was made, or is gone.

    fd.state web.log file write,append,create,mkdir /var/log/web/out
    fd.state log.r pipe from log.w
    fd.state log.w pipe nonblock,to ?
    fd.state a pipe unix,stream,nonblock,to b
    fd.state http socket inet,stream,bind,listen=32 *:80
    fd.state out socket inet,dgram 
    fd.state null special read,write /dev/null
    fd.state fd_7 file read unknown
    fd.state log.r deleted

=head2 fd.give

The answer to C<< fd.give >>: what comes with this line is that file descriptor.

    fd.give conn socket inet,stream,bind,listen=32 *:80

=head2 signal

The daemon got a signal: which, when, and how many are pending now.

    signal SIGHUP 1042 1

=head2 log.filter

The log filter, as an answer to C<< log.filter >>. Connections with the feature C<< settings >> hear of it as well, when it changes and in a dump.

    log.filter debug
    log.filter none

=head2 log.dest

Where the log goes. This event and the next five are the daemon's own settings, as the commands that set them; only connections with the feature C<< settings >> hear of them.

    log.dest fd log.w

=head2 terminate.exec_args

The program that the daemon becomes when it leaves.

    terminate.exec_args /sbin/reboot -f
    terminate.exec_args 

=head2 signal.default

What a signal does that nobody listens for.

    signal.default SIGTERM shutdown

=head2 chdir

The working directory of the daemon. One that no command could name is not told: it has a control character, or is too long for a line.

    chdir /var/lib/web

=head2 socket.create

A control socket, with its options and its path; a relative one is told as an absolute one, unless that is too long for a socket or a line.

    socket.create - /run/daemonproxy.sock
    socket.create name=ops,mode=0660,rights=operate,services=web-*:mail /run/ops.sock

=head2 socket.delete

That control socket is gone, or the one without a name.

    socket.delete ops
    socket.delete

=head2 info

Something that a person may like to know.

    info daemonproxy version 1.0.0

=head2 warning

A command was carried out, but something about it is odd.

    warning fd "log.w" is not yet defined

=head2 error

A command could not be carried out, or a service could not be started.

    error No such service, for command "service.start web"
    error Unknown command: servce.start
    error line too long

=head2 overflow

This controller was too slow and has missed events. It should ask for a C<< statedump >>.

    overflow

=head2 conn.features

The features of this connection that are in force: the answer to the command of the same name.

    conn.features observer
    conn.features

=head2 conn.timer

A timer of this connection has run out.

    conn.timer check

=head2 conn.state

A connection, as an answer to C<< conn.list >>: the number that it has in the log, where it comes from, user, group and process of whoever connected, what it may do, and its features. The number of one that has gone is used again.

    conn.state 0 interactive - - - full
    conn.state 3 socket 1000 1000 7123 full observer
    conn.state 4 service:ctl - - 812 full
    conn.state 5 socket 1001 1001 7130 operate:web-*:mail

=head2 done

The end of the answer to a tagged command (C<< @TAG >>, a TAB, and the command): it comes after everything else that the command has to say to this connection. With ERROR and TEXT the command was refused, and nothing has changed. A C<< statedump >> is done after its last line, a C<< service.start >> when it is accepted.

    done start-17
    done start-17 NoSuchService No such service

=head2 terminate.state

How far an orderly shutdown has got, and how many services are not gone yet: their main process, or others of its process group, are still there.

    terminate.state stopping 4
    terminate.state killing 1
    terminate.state flushing 0

=head1 FIELDS

=over 4

=item service

The name of a service: 1 to 31 characters out of C<< A-Z a-z 0-9 . _ - >>.

=item fd

The name of a file descriptor that the daemon holds: 1 to 31 characters out of C<< A-Z a-z 0-9 . _ - >>.

=item arg

One argument of a program. It may be empty, unless it is the only one.

=item exec_arg

One argument of the program that the daemon becomes when it leaves.

=item fd_or_none

The name of a file descriptor, or C<< - >> to leave that number closed.

=item tag

Free text for controllers, by convention C<< KEY=VALUE >> or a single word.

=item tag_change

C<< KEY=VALUE >> or C<< TAG >> sets that tag, or replaces the one with the same KEY; C<< -KEY >> removes it.

=item option

C<< KEY=VALUE >>, or a single word: one of the options of services.

=item option_change

An option, which is set or replaces the one with the same KEY; or C<< -KEY >>, which takes it out.

=item interval

Seconds, 1 or more, or C<< - >> for what was set before.

=item trigger

A condition, or several joined by commas, all of which must hold. C<< always >>; a signal: its pending count is above 0 (a real-time signal is refused, for the daemon receives none); C<< once >>: the service never ran; C<< failure >>, C<< success >>: how its last run ended; C<< ready:NAME >>, C<< up:NAME >>: that service runs and is ready, or runs; C<< down:NAME >>: it exists and has no process; C<< done:NAME >>: it has no process, and its last run was a success; C<< fd:NAME >>: that descriptor is readable. A name that does not exist satisfies none. Of protocol 1 are C<< always >> and signals, one at a time.

=item start_time

A second of CLOCK_MONOTONIC, or C<< - >> to cancel a start that is pending. Absent: now.

=item signal

A signal by name, with or without C<< SIG >>, or by number (1 to 64). Events always write C<< SIGNAME >>.

=item group

The word C<< group >>, which means the whole process group of the service.

=item pipe_flags

Comma-separated: C<< nonblock unix inet inet6 tcp udp dgram stream seqpacket >>. Any flag but C<< nonblock >> makes it a pair of sockets.

=item file_flags

Comma-separated: C<< read write append create trunc truncate nonblock mkdir mode=MODE >>. C<< append >> and C<< trunc >> imply C<< write >> unless C<< read >> or C<< write >> is there; without any of them the file is opened for reading. A file that C<< create >> makes has the mode 0600, or exactly MODE, 0 to 0777 in octal; directories made by C<< mkdir >> have 0700.

=item path

A path. Relative ones start at the working directory of the daemon.

=item program

The path of a program, with a C<< / >> in it; it is not searched for. Absent or C<< - >>: the default.

=item socket_flags

Comma-separated: C<< unix inet inet6 tcp udp stream dgram seqpacket nonblock mkdir bind listen listen=BACKLOG >>. Without any it is C<< unix,stream >>; C<< tcp >> and C<< udp >> alone mean C<< inet >>. BACKLOG is 1 to 65535, and 32 if it is not given. C<< listen >> implies C<< bind >>.

=item address

A path for C<< unix >>. For C<< inet >>: C<< 1.2.3.4:PORT >> or C<< *:PORT >>. For C<< inet6 >>: C<< [::1]:PORT >> or C<< *:PORT >>. An address implies C<< bind >>; C<< bind >> and C<< listen >> need one.

=item socket_options

C<< - >>, or comma-separated: C<< name=NAME >> for an additional socket; C<< mode=MODE >>, in octal, and C<< uid=UID >> and C<< gid=GID >>, by number, for its file; C<< rights=RIGHTS >> and C<< services=PATTERN >>, with C<< : >> between patterns, for those who connect, as in C<< conn.restrict >>; C<< most=COUNT >> for how many may be connected at a time.

=item socket

The name of a control socket. Absent: the one that has none.

=item count

A number, 0 or more.

=item filter_change

A log level, or one step along C<< none trace debug info warning error fatal >>: C<< + >> suppresses more, C<< - >> less.

=item log_type

The word C<< fd >>, the only kind of destination.

=item timeout

Seconds, 1 to 2147483647.

=item feature

The name of a feature. C<< observer >>: this connection does not count as a listener for signals. C<< runs >>: it is told C<< service.run >>. C<< settings >>: it hears of options, environments and the settings of the daemon, and a state dump has them.

=item timer

The name of a timer of this connection: 1 to 31 characters out of C<< A-Z a-z 0-9 . _ - >>.

=item delay

Seconds from now, 0 to 999999999, with up to nine digits after a point; or C<< - >> for never.

=item fact

What is known of a run of a service: KEY=VALUE, or KEY alone for what is so or is not. The keys are listed under C<< facts >>; a reader ignores those that it does not know.

=item rights

C<< watch >>: look at services. C<< operate >>: also start, stop and signal those that exist. C<< full >>: everything.

=item glob

A pattern of names: C<< * >> stands for any characters, also none, C<< ? >> for one, and all else for itself.

=item exit_code

An exit code, 0 to 255.

=item exit_status

An exit code, 0 to 255. Absent or C<< - >>: the default.

=item guard

The code that the terminate guard was set with. Absent or C<< - >>: none.

=item guard_switch

C<< + >> turns the guard on, C<< - >> turns it off.

=item guard_code

A 64-bit integer other than 0.

=item seconds

Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or C<< - >>: the default.

=item signal_action

C<< event >> only counts and reports the signal, C<< shutdown >> does what C<< terminate.shutdown >> does, C<< terminate >> leaves at once, C<< forward >> sends it to the service that has the option C<< main >>, if that runs, and counts it no more.

=item fd_numbers

Comma-separated descriptor numbers of the service, each 0 to 255, such as C<< 1,2 >>.

=item line

The rest of the line, whatever is in it.

=item env_item

C<< KEY=VALUE >> sets a variable of the environment; C<< KEY%=VALUE >>, too, and in VALUE C<< %XX >> is the byte with that hexadecimal number; C<< !KEY >> takes it out. A first item C<< ! >> starts from nothing.

=item env_change

An item, which is set or replaces the one about the same KEY; or C<< -KEY >>, which takes the item out. C<< ! >> becomes the first item, C<< -! >> takes it out.

=item told_env

An item of the environment, as it was set.

=item told_option

An option as it was set. A version to come may have options that are not known here.

=item service_state

Seven fields: STATE, TIMESTAMP, PID, REASON, VALUE, UPTIME and DOWNTIME.

=item fd_state

TYPE (C<< file >>, C<< pipe >>, C<< socket >> or C<< special >>), FLAGS and DESCRIPTION; or the one word C<< deleted >>.

=item timestamp

A second of CLOCK_MONOTONIC.

=item level

A log level. That level and those before it are suppressed; C<< none >> suppresses nothing.

=item text

A text for people.

=item phase

How far an orderly shutdown has got: C<< stopping >> after SIGTERM, C<< killing >> after SIGKILL, C<< flushing >> when only events and the log are left to deliver.

=item command_tag

The TAG of a tagged command (C<< @TAG >>, a TAB, and the command): 1 to 31 characters out of C<< A-Z a-z 0-9 . _ - >>.

=item error_name

The name of an error, as the list of error texts has it. Names stay, while texts may be improved.

=item error_text

The text of an error, for people.

=item trigger_shown

A trigger, with C<< * >> in the place of a name that this connection may not know.

=item fd_shown

The name of a file descriptor, C<< - >> for a number that stays closed, or C<< * >> for a name that this connection may not know.

=item conn_kind

Where a connection comes from: a C<< config >> file, the C<< interactive >> session, a C<< socket >>, with its NAME if it has one, or a C<< service >>, with its name while that is known.

=item id

The number of a user, a group or a process, or C<< - >> if it is not known.

=item conn_rights

What a connection may do. Behind a C<< : >> the names of the services that it is limited to: patterns with C<< : >> between them, of which one must match; and where it was limited more than once, one of each part, with C<< & >> between the parts.

=back

=head1 FACTS

=over 4

=item starts=NUMBER

How often the service has been started since it exists, this run included.

=item why=order|always|condition|SIGNAL

What started it: C<< order >>, a command; or the trigger that held, as C<< service.auto_up >> has it: C<< always >>, a signal, or conditions joined by commas. C<< condition >>: one with conditions that is too long for here, or that the service does not have any more.

=item pid=NUMBER

The process id that it has, or had.

=item start=MOMENT

When its process was made.

=item exec=MOMENT

When the daemon learned that the process has become its program. Without it and without C<< failed >> that is not known yet, or the process ended before.

=item ready=MOMENT

Since when it is ready: when it said so in the way of its option C<< ready= >>; without that, when it became its program.

=item failed=STAGE:ERRNO

Why it could not become its program: the stage of the start that failed (C<< fds >>: its descriptors or its connection as a controller; C<< exec >>: execve(2)), and the error number, as in errno(3).

=item stop=MOMENT

When the daemon began to stop it.

=item late=ready|watchdog|deadman|SIGNAL

Why the daemon stops it by itself: something was not said in time. C<< ready >>: that it is ready (C<< ready_within= >>); C<< watchdog >>: that it is alive (C<< watchdog= >>), or it said that it is not; C<< deadman >>: that it may go on (C<< deadman= >>).

=item killed

The stop needed SIGKILL: something of the service was still there at the end of its time.

=item end=MOMENT

When its end was noticed.

=item exit=NUMBER

The status with which it exited.

=item signal=SIGNAL

The signal that ended it.

=item core

It dumped core.

=item success

Its end is a success, although it is not exit status 0: it was told to stop and ended by that signal, or the option C<< success= >> says so.

=item left=NUMBER

How many processes of its group, or of its session, were still there a moment after its main process had ended without being stopped; or when somebody last asked for a dump; 9999 for any more. A shutdown stops them, and so does C<< service.stop >>.

=item cpu=SECONDS

The processor time that it and those of its children that it has waited for have used, user and system together. Told once, with the end of the run.

=item maxrss=kB

The most memory that one of them ever had resident (getrusage(2)). What the daemon has resident counts, too, as the child begins as a copy of it. Told once, with the end of the run.

=item stale

What the service is started with, such as its arguments or descriptors, has changed since this run was started.

=item held

It was stopped by C<< service.stop >>, or since nobody vouched for it (C<< deadman= >>), or given up: no trigger starts it.

=item gaveup

Its triggers started it too often (the option C<< giveup= >>), and it is held for that.

=item failures=NUMBER

How many of its last runs in a row were short, if it has the option C<< backoff= >>.

=item retry=NUMBER

No process could be made for the start that is pending, with this error number, as in errno(3); it is tried again.

=item next=MOMENT

When it will be started: a start is pending, or follows the stop that is under way.

=item status=SIGNAL

What it said last of how it is, by C<< STATUS= >> of sd_notify(3): at most 128 bytes, or fewer if the line would be longer than the shortest that a line may be, with C<< ? >> for control characters. It is told at most once a second, and with everything else that is new.

=back

=head1 ERRORS

=over 4

=item UnknownCommand

    Unknown command: {name}

There is no command of that name.

=item LineTooLong

    line too long

The line is longer than the daemon accepts, and was thrown away.

=item InvalidTag

    invalid tag

What follows the C<< @ >> is no tag: 1 to 31 characters out of C<< A-Z a-z 0-9 . _ - >>. The command was not carried out, and an C<< error >> says so, since there is no tag to answer to.

=item ExpectedCommand

    expected a command after the tag

There is a tag and no command.

=item NestedTag

    a tagged command cannot have another tag

One tag is enough: tags do not nest.

=item UnexpectedArgument

    unexpected argument "{argument}"

The command has an extra field; it was not carried out.

=item ExpectedInteger

    Expected integer

A number is missing, or is not a decimal number. A number that is merely too large or too small has its own error text where there is one.

=item ExpectedNonNegativeInteger

    Expected integer of 0 or more

A count cannot be negative.

=item InvalidFeatureName

    invalid feature name

The name of a feature is 1 to 31 characters out of C<< A-Z a-z 0-9 . _ - >>.

=item ExpectedTimerName

    Expected timer name

The name of the timer is missing.

=item InvalidTimerName

    Invalid timer name

A name has 1 to 31 characters out of C<< A-Z a-z 0-9 . _ - >>.

=item InvalidDelay

    invalid delay, expected seconds such as 1.5, or -

A delay is 0 to 999999999 seconds, with up to nine digits after the point.

=item TooManyTimers

    too many timers, at most 16 for each connection

Sixteen timers of this connection have not run out yet: cancel one, or move one by using its name.

=item NotPermitted

    command not permitted on this connection

This connection has not the rights for it (C<< conn.restrict >>, or the options of the socket).

=item ExpectedRights

    expected watch, operate or full

The rights are missing.

=item UnknownRights

    unknown rights "{rights}", expected watch, operate or full

There are no rights of that name.

=item InvalidPattern

    invalid pattern "{pattern}"

A pattern has 1 to 31 characters out of C<< A-Z a-z 0-9 . _ - * ? >>.

=item CannotLimitFullRights

    full rights cannot be limited to services

Whoever may do everything can become anything that the daemon can. Patterns go with C<< watch >> and C<< operate >>.

=item TooManyPatterns

    more than 16 patterns

A connection is limited by at most 16 patterns, those of earlier commands included.

=item ExpectedServiceName

    Expected service name

The name of the service is missing.

=item InvalidServiceName

    Invalid service name

A name has 1 to 31 characters out of C<< A-Z a-z 0-9 . _ - >>.

=item NoSuchService

    No such service

No service of that name was ever set up, or it was deleted.

=item UnableToAllocateService

    Unable to allocate new service

The pool of services is full, or memory is short.

=item UnableToSetArgv

    unable to set argv

The arguments contain a control character, or do not fit into the memory of the service.

=item ExpectedProgram

    Expected program argument

A service needs at least the name of a program.

=item InvalidFdName

    invalid fd name

An entry of a descriptor list is neither a name nor C<< - >>.

=item UnableToSetFds

    unable to set file descriptors

The descriptor list does not fit into the memory of the service.

=item UnableToSetTags

    unable to set tags

The tags contain a control character, or do not fit into the memory of the service.

=item ExpectedTag

    Expected tag argument

There is no tag to change.

=item InvalidTagChange

    invalid tag change "{change}"

A change of tags has an empty key, or removes a tag by key and value: give the key alone.

=item UnableToSetOptions

    unable to set options

The options contain a control character, or do not fit into the memory of the service.

=item AnotherMainService

    another service is the main one

The option C<< main >> is that of one service at a time: take it from the other first.

=item ExpectedOption

    Expected option argument

There is no option to change.

=item InvalidOption

    invalid option "{option}", expected {expected}

There is such an option, but it cannot have this value.

=item NoCgroup

    the daemon was started without --cgroup

The options C<< kill=cgroup >> and C<< memory >> need a directory for cgroups.

=item OptionGivenTwice

    option "{option}" is given twice

A list of options has each KEY once.

=item UnableToSetEnvironment

    unable to set environment

The environment contains a control character, does not fit into the memory of the service, or has an item that does not fit into a line.

=item EnvironmentTooLong

    environment longer than 65535 bytes

That is the most, with a byte between each two items.

=item ExpectedEnvItem

    Expected environment item

There is nothing to change.

=item InvalidEnvItem

    invalid environment item, expected KEY=VALUE, KEY%=VALUE or !KEY, and ! only first

An item without a KEY or a C<< = >>, one that takes out a KEY by its value, or a C<< ! >> in another place.

=item InvalidInterval

    invalid interval

An interval is 1 to 2147483647 seconds.

=item UnableToSetTriggers

    unable to set auto_up triggers

One of the triggers is none, or they do not fit into the memory of the service. There are C<< always >>, C<< once >>, C<< success >>, C<< failure >>, C<< ready:NAME >>, C<< up:NAME >>, C<< down:NAME >>, C<< done:NAME >>, C<< fd:NAME >>, and signals; several with commas between them must all hold.

=item NoArgsConfigured

    no args configured for service

The service has no program to run: use C<< service.args >> first.

=item InvalidTimestamp

    invalid timestamp

The time is not a number, or is too far in the past.

=item ServiceIsNotStartable

    service is not startable

The service is already running.

=item NoStartPending

    no service.start pending

There is no pending start to cancel.

=item ServiceIsNotRunning

    service is not running

There is no process to signal.

=item ServiceIsRunning

    service is running

A running service cannot be deleted.

=item ReadyFdInUse

    the descriptor of ready= is in the list

The option C<< ready=fd:N >> takes a descriptor N that the list of the service (C<< service.fds >>) leaves free.

=item NotAwaited

    service does not wait for this

The options with which it was started do not ask for it: C<< service.ready >> is for those with C<< ready=control >>, C<< service.deadman >> for those with C<< deadman= >>.

=item UnknownOption

    unknown option "{option}"

There is no option of that name here.

=item Kill

    can't kill {name} (pid {pid}): {reason}

The operating system refused to deliver the signal.

=item LoggerNameTooLong

    service name too long: "{name}-log.r" would pass 31 characters

The pipe of a logger is named after its service, so that name has at most 25 characters.

=item InvalidFdNumbers

    expected descriptor numbers from 0 to 255, such as 1,2

The places in the descriptor list are missing or wrong.

=item ExpectedSignalArgument

    Expected signal argument

The signal is missing.

=item InvalidSignalArgument

    Invalid signal argument

There is no signal of that name. Names are in capital letters.

=item InvalidSignalNumber

    Invalid signal number

Signals are numbered from 1 to 64.

=item ExpectedAction

    Expected action argument

The action is missing.

=item UnknownAction

    unknown action "{action}", expected event, shutdown, terminate or forward

There is no action of that name.

=item ExpectedFileDescriptorName

    Expected file descriptor name

The name of the file descriptor is missing.

=item InvalidFileDescriptorName

    Invalid file descriptor name

A name has 1 to 31 characters out of C<< A-Z a-z 0-9 . _ - >>.

=item NamesMustDiffer

    the two names must differ

The two ends of a pipe cannot share a name.

=item NoSuchFd

    No such file descriptor

No file descriptor has that name.

=item FdCannotBeAltered

    File descriptor cannot be altered

This name belongs to the daemon itself: C<< null >> and C<< control.* >>.

=item UnableToAllocateFd

    Unable to allocate new file descriptor object

The pool of file descriptors is full, or memory is short.

=item MissingFlags

    missing flags argument

The flags are missing. C<< - >> stands for the usual ones.

=item UnknownFlag

    unknown flag "{flag}"

There is no flag of that name here.

=item MissingPath

    missing path argument

The path is missing or empty.

=item InvalidPath

    control character in path

Bytes below 0x20 are reserved, so a path with one cannot be named in a command.

=item UnexpectedAfterPath

    unexpected argument after path

There is a field after the path. A path that contains a TAB cannot be named in a command.

=item ExpectedAddress

    expected address argument

C<< bind >> and C<< listen >> need an address.

=item InvalidAddress

    invalid address

The address does not fit the domain of the socket.

=item UnexpectedAfterAddress

    unexpected argument after address

There is a field after the address.

=item InvalidMode

    invalid mode, expected mode=0 to mode=0777 together with create

The mode of a new file is 0 to 0777, in octal; without C<< create >> no file is made.

=item InvalidListenQueue

    invalid listen queue length

The length of a listen queue is 1 to 65535.

=item NoAncillaryFd

    No ancillary file descriptor received

No descriptor was passed along with this line.

=item CannotGiveFd

    descriptors can only be passed over a unix socket

This controller is a config file, or is connected by something else, such as standard input and output.

=item GiveFd

    cannot pass the descriptor: {reason}

The operating system could not make a copy of the descriptor to be passed.

=item Open

    open failed: {reason}

The operating system could not open the file.

=item Pipe

    pipe() failed: {reason}

The operating system could not make the pipe.

=item Socketpair

    socketpair() failed: {reason}

The operating system could not make the pair of sockets.

=item Socket

    socket: {reason}

The operating system could not make the socket.

=item Setsockopt

    setsockopt: {reason}

The operating system could not set SO_REUSEADDR.

=item Bind

    bind: {reason}

The operating system could not bind the socket to its address.

=item Listen

    listen: {reason}

The operating system could not make the socket listen.

=item InvalidOptions

    Invalid options

The options are missing, or one of them is not known.

=item InvalidSocketOption

    invalid socket option "{option}"

The value of this option is not one, or it is given twice.

=item InvalidSocketName

    invalid socket name

A name has 1 to 31 characters out of C<< A-Z a-z 0-9 . _ - >>.

=item SocketNameInUse

    socket name in use

There is a control socket of that name. Delete it first.

=item NoSuchSocket

    No such socket

There is no control socket of that name.

=item TooManySockets

    too many sockets

There are 15 control sockets with names.

=item FailedToCreateControlSocket

    Failed to create control socket

The control socket could not be made; the log says why.

=item InvalidLogLevel

    Invalid loglevel argument

The levels are C<< none trace debug info warning error fatal >>.

=item UnknownLoggingType

    Unknown logging type

The log can only go to an C<< fd >>.

=item Chdir

    chdir failed: {reason}

The operating system could not change the working directory.

=item UpgradeUnderWay

    an upgrade is under way

Another connection has asked for an upgrade that is not decided yet.

=item Upgrade

    cannot upgrade: {reason}

The daemon goes on as it is: the other program cannot be executed, does not understand the present state, or says nothing.

=item InvalidTimeout

    invalid timeout, must be 1 to 2147483647

A timeout is out of range.

=item ResetGreaterThanClose

    reset timeout is greater than close timeout

Events are thrown away before the connection is closed, not after.

=item SecondsOutOfRange

    seconds must be 0 to 2147483647

A time is out of range.

=item ExitCodeOutOfRange

    exit code must be 0 to 255

The operating system has no other exit codes.

=item GuardCodeRequired

    terminate guard code required

The guard is on: the command needs its code.

=item IncorrectTerminateGuardCode

    incorrect terminate guard code

The guard is on, with another code.

=item ExecNotConfigured

    cannot exit, and exec-on-exit is not configured

The guard is on, so the daemon may only leave by becoming another program, and none is set.

=item ExpectedPlusOrMinus

    expected + or -

C<< + >> turns the guard on, C<< - >> turns it off.

=item CodeCannotBeZero

    code cannot be 0

0 is not a guard code.

=item GuardAlreadySet

    terminate guard code is already set

The guard is on; it can only be turned off.

=item GuardNotSet

    terminate guard was not set

The guard is off.

=item IncorrectGuardCode

    incorrect guard code

The guard was turned on with another code.

=item ExecArgsTooLong

    exec arguments exceed buffer size

The program and its arguments do not fit into the memory set aside for them.

=item InvalidExecArgs

    control character in exec arguments

Bytes below 0x20 are reserved.

=item ShutdownInProgress

    shutdown in progress

An orderly shutdown has begun, and nothing is started any more.

=back

=cut
