==29227== Callgrind, a call-graph generating cache profiler
==29227== Copyright (C) 2002-2017, and GNU GPL'd, by Josef Weidendorfer et al.
==29227== Using Valgrind-3.19.0 and LibVEX; rerun with -h for copyright info
==29227== Command: /tmp/talk/v4 -i -q
==29227== 
==29227== For interactive control, run 'callgrind_control -h'.
==29227== 
==29227== Events    : Ir
==29227== Collected : 11116704
==29227== 
==29227== I   refs:      11,116,704
