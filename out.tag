info	daemonproxy version 0.1.0
info	licensed under MIT or Apache-2.0, at your option; there is no warranty
info	end of input (^D), or the command terminate<TAB>0, leaves
service.args	s0	/bin/sleep	100000
done	mark-1000
service.args	s0	/bin/sleep	100000
done	mark-1001
service.args	s0	/bin/sleep	100000
done	mark-1002
service.args	s0	/bin/sleep	100000
done	mark-1003
service.args	s0	/bin/sleep	100000
done	mark-1004
service.args	s0	/bin/sleep	100000
done	mark-1005
service.args	s0	/bin/sleep	100000
done	mark-1006
service.args	s0	/bin/sleep	100000
done	mark-1007
service.args	s0	/bin/sleep	100000
done	mark-1008
service.args	s0	/bin/sleep	100000
done	mark-1009
service.args	s0	/bin/sleep	100000
done	mark-1010
service.args	s0	/bin/sleep	100000
done	mark-1011
service.args	s0	/bin/sleep	100000
done	mark-1012
service.args	s0	/bin/sleep	100000
done	mark-1013
service.args	s0	/bin/sleep	100000
done	mark-1014
service.args	s0	/bin/sleep	100000
done	mark-1015
service.args	s0	/bin/sleep	100000
done	mark-1016
service.args	s0	/bin/sleep	100000
done	mark-1017
service.args	s0	/bin/sleep	100000
done	mark-1018
service.args	s0	/bin/sleep	100000
done	mark-1019
service.args	s0	/bin/sleep	100000
done	mark-1020
service.args	s0	/bin/sleep	100000
done	mark-1021
service.args	s0	/bin/sleep	100000
done	mark-1022
service.args	s0	/bin/sleep	100000
done	mark-1023
service.args	s0	/bin/sleep	100000
done	mark-1024
service.args	s0	/bin/sleep	100000
done	mark-1025
service.args	s0	/bin/sleep	100000
done	mark-1026
service.args	s0	/bin/sleep	100000
done	mark-1027
service.args	s0	/bin/sleep	100000
done	mark-1028
service.args	s0	/bin/sleep	100000
done	mark-1029
service.args	s0	/bin/sleep	100000
done	mark-1030
service.args	s0	/bin/sleep	100000
done	mark-1031
service.args	s0	/bin/sleep	100000
done	mark-1032
service.args	s0	/bin/sleep	100000
done	mark-1033
service.args	s0	/bin/sleep	100000
done	mark-1034
service.args	s0	/bin/sleep	100000
done	mark-1035
service.args	s0	/bin/sleep	100000
done	mark-1036
service.args	s0	/bin/sleep	100000
done	mark-1037
service.args	s0	/bin/sleep	100000
done	mark-1038
service.args	s0	/bin/sleep	100000
done	mark-1039
service.args	s0	/bin/sleep	100000
done	mark-1040
service.args	s0	/bin/sleep	100000
done	mark-1041
service.args	s0	/bin/sleep	100000
done	mark-1042
service.args	s0	/bin/sleep	100000
done	mark-1043
service.args	s0	/bin/sleep	100000
done	mark-1044
service.args	s0	/bin/sleep	100000
done	mark-1045
service.args	s0	/bin/sleep	100000
done	mark-1046
service.args	s0	/bin/sleep	100000
done	mark-1047
service.args	s0	/bin/sleep	100000
done	mark-1048
service.args	s0	/bin/sleep	100000
done	mark-1049
service.args	s0	/bin/sleep	100000
done	mark-1050
service.args	s0	/bin/sleep	100000
done	mark-1051
service.args	s0	/bin/sleep	100000
done	mark-1052
service.args	s0	/bin/sleep	100000
done	mark-1053
service.args	s0	/bin/sleep	100000
done	mark-1054
service.args	s0	/bin/sleep	100000
done	mark-1055
service.args	s0	/bin/sleep	100000
done	mark-1056
service.args	s0	/bin/sleep	100000
done	mark-1057
service.args	s0	/bin/sleep	100000
done	mark-1058
service.args	s0	/bin/sleep	100000
done	mark-1059
service.args	s0	/bin/sleep	100000
done	mark-1060
service.args	s0	/bin/sleep	100000
done	mark-1061
service.args	s0	/bin/sleep	100000
done	mark-1062
service.args	s0	/bin/sleep	100000
done	mark-1063
service.args	s0	/bin/sleep	100000
done	mark-1064
service.args	s0	/bin/sleep	100000
done	mark-1065
service.args	s0	/bin/sleep	100000
done	mark-1066
service.args	s0	/bin/sleep	100000
done	mark-1067
service.args	s0	/bin/sleep	100000
done	mark-1068
service.args	s0	/bin/sleep	100000
done	mark-1069
service.args	s0	/bin/sleep	100000
done	mark-1070
service.args	s0	/bin/sleep	100000
done	mark-1071
service.args	s0	/bin/sleep	100000
done	mark-1072
service.args	s0	/bin/sleep	100000
done	mark-1073
service.args	s0	/bin/sleep	100000
done	mark-1074
service.args	s0	/bin/sleep	100000
done	mark-1075
service.args	s0	/bin/sleep	100000
done	mark-1076
service.args	s0	/bin/sleep	100000
done	mark-1077
service.args	s0	/bin/sleep	100000
done	mark-1078
service.args	s0	/bin/sleep	100000
done	mark-1079
service.args	s0	/bin/sleep	100000
done	mark-1080
service.args	s0	/bin/sleep	100000
done	mark-1081
service.args	s0	/bin/sleep	100000
done	mark-1082
service.args	s0	/bin/sleep	100000
done	mark-1083
service.args	s0	/bin/sleep	100000
done	mark-1084
service.args	s0	/bin/sleep	100000
done	mark-1085
service.args	s0	/bin/sleep	100000
done	mark-1086
service.args	s0	/bin/sleep	100000
done	mark-1087
service.args	s0	/bin/sleep	100000
done	mark-1088
service.args	s0	/bin/sleep	100000
done	mark-1089
service.args	s0	/bin/sleep	100000
done	mark-1090
service.args	s0	/bin/sleep	100000
done	mark-1091
service.args	s0	/bin/sleep	100000
done	mark-1092
service.args	s0	/bin/sleep	100000
done	mark-1093
service.args	s0	/bin/sleep	100000
done	mark-1094
service.args	s0	/bin/sleep	100000
done	mark-1095
service.args	s0	/bin/sleep	100000
done	mark-1096
service.args	s0	/bin/sleep	100000
done	mark-1097
service.args	s0	/bin/sleep	100000
done	mark-1098
service.args	s0	/bin/sleep	100000
done	mark-1099
service.args	s0	/bin/sleep	100000
done	mark-1100
service.args	s0	/bin/sleep	100000
done	mark-1101
service.args	s0	/bin/sleep	100000
done	mark-1102
service.args	s0	/bin/sleep	100000
done	mark-1103
service.args	s0	/bin/sleep	100000
done	mark-1104
service.args	s0	/bin/sleep	100000
done	mark-1105
service.args	s0	/bin/sleep	100000
done	mark-1106
service.args	s0	/bin/sleep	100000
done	mark-1107
service.args	s0	/bin/sleep	100000
done	mark-1108
service.args	s0	/bin/sleep	100000
done	mark-1109
service.args	s0	/bin/sleep	100000
done	mark-1110
service.args	s0	/bin/sleep	100000
done	mark-1111
service.args	s0	/bin/sleep	100000
done	mark-1112
service.args	s0	/bin/sleep	100000
done	mark-1113
service.args	s0	/bin/sleep	100000
done	mark-1114
service.args	s0	/bin/sleep	100000
done	mark-1115
service.args	s0	/bin/sleep	100000
done	mark-1116
service.args	s0	/bin/sleep	100000
done	mark-1117
service.args	s0	/bin/sleep	100000
done	mark-1118
service.args	s0	/bin/sleep	100000
done	mark-1119
service.args	s0	/bin/sleep	100000
done	mark-1120
service.args	s0	/bin/sleep	100000
done	mark-1121
service.args	s0	/bin/sleep	100000
done	mark-1122
service.args	s0	/bin/sleep	100000
done	mark-1123
service.args	s0	/bin/sleep	100000
done	mark-1124
service.args	s0	/bin/sleep	100000
done	mark-1125
service.args	s0	/bin/sleep	100000
done	mark-1126
service.args	s0	/bin/sleep	100000
done	mark-1127
service.args	s0	/bin/sleep	100000
done	mark-1128
service.args	s0	/bin/sleep	100000
done	mark-1129
service.args	s0	/bin/sleep	100000
done	mark-1130
service.args	s0	/bin/sleep	100000
done	mark-1131
service.args	s0	/bin/sleep	100000
done	mark-1132
service.args	s0	/bin/sleep	100000
done	mark-1133
service.args	s0	/bin/sleep	100000
done	mark-1134
service.args	s0	/bin/sleep	100000
done	mark-1135
service.args	s0	/bin/sleep	100000
done	mark-1136
service.args	s0	/bin/sleep	100000
done	mark-1137
service.args	s0	/bin/sleep	100000
done	mark-1138
service.args	s0	/bin/sleep	100000
done	mark-1139
service.args	s0	/bin/sleep	100000
done	mark-1140
service.args	s0	/bin/sleep	100000
done	mark-1141
service.args	s0	/bin/sleep	100000
done	mark-1142
service.args	s0	/bin/sleep	100000
done	mark-1143
service.args	s0	/bin/sleep	100000
done	mark-1144
service.args	s0	/bin/sleep	100000
done	mark-1145
service.args	s0	/bin/sleep	100000
done	mark-1146
service.args	s0	/bin/sleep	100000
done	mark-1147
service.args	s0	/bin/sleep	100000
done	mark-1148
service.args	s0	/bin/sleep	100000
done	mark-1149
service.args	s0	/bin/sleep	100000
done	mark-1150
service.args	s0	/bin/sleep	100000
done	mark-1151
service.args	s0	/bin/sleep	100000
done	mark-1152
service.args	s0	/bin/sleep	100000
done	mark-1153
service.args	s0	/bin/sleep	100000
done	mark-1154
service.args	s0	/bin/sleep	100000
done	mark-1155
service.args	s0	/bin/sleep	100000
done	mark-1156
service.args	s0	/bin/sleep	100000
done	mark-1157
service.args	s0	/bin/sleep	100000
done	mark-1158
service.args	s0	/bin/sleep	100000
done	mark-1159
service.args	s0	/bin/sleep	100000
done	mark-1160
service.args	s0	/bin/sleep	100000
done	mark-1161
service.args	s0	/bin/sleep	100000
done	mark-1162
service.args	s0	/bin/sleep	100000
done	mark-1163
service.args	s0	/bin/sleep	100000
done	mark-1164
service.args	s0	/bin/sleep	100000
done	mark-1165
service.args	s0	/bin/sleep	100000
done	mark-1166
service.args	s0	/bin/sleep	100000
done	mark-1167
service.args	s0	/bin/sleep	100000
done	mark-1168
service.args	s0	/bin/sleep	100000
done	mark-1169
service.args	s0	/bin/sleep	100000
done	mark-1170
service.args	s0	/bin/sleep	100000
done	mark-1171
service.args	s0	/bin/sleep	100000
done	mark-1172
service.args	s0	/bin/sleep	100000
done	mark-1173
service.args	s0	/bin/sleep	100000
done	mark-1174
service.args	s0	/bin/sleep	100000
done	mark-1175
service.args	s0	/bin/sleep	100000
done	mark-1176
service.args	s0	/bin/sleep	100000
done	mark-1177
service.args	s0	/bin/sleep	100000
done	mark-1178
service.args	s0	/bin/sleep	100000
done	mark-1179
service.args	s0	/bin/sleep	100000
done	mark-1180
service.args	s0	/bin/sleep	100000
done	mark-1181
service.args	s0	/bin/sleep	100000
done	mark-1182
service.args	s0	/bin/sleep	100000
done	mark-1183
service.args	s0	/bin/sleep	100000
done	mark-1184
service.args	s0	/bin/sleep	100000
done	mark-1185
service.args	s0	/bin/sleep	100000
done	mark-1186
service.args	s0	/bin/sleep	100000
done	mark-1187
service.args	s0	/bin/sleep	100000
done	mark-1188
service.args	s0	/bin/sleep	100000
done	mark-1189
service.args	s0	/bin/sleep	100000
done	mark-1190
service.args	s0	/bin/sleep	100000
done	mark-1191
service.args	s0	/bin/sleep	100000
done	mark-1192
service.args	s0	/bin/sleep	100000
done	mark-1193
service.args	s0	/bin/sleep	100000
done	mark-1194
service.args	s0	/bin/sleep	100000
done	mark-1195
service.args	s0	/bin/sleep	100000
done	mark-1196
service.args	s0	/bin/sleep	100000
done	mark-1197
service.args	s0	/bin/sleep	100000
done	mark-1198
service.args	s0	/bin/sleep	100000
done	mark-1199
service.args	s0	/bin/sleep	100000
done	mark-1200
service.args	s0	/bin/sleep	100000
done	mark-1201
service.args	s0	/bin/sleep	100000
done	mark-1202
service.args	s0	/bin/sleep	100000
done	mark-1203
service.args	s0	/bin/sleep	100000
done	mark-1204
service.args	s0	/bin/sleep	100000
done	mark-1205
service.args	s0	/bin/sleep	100000
done	mark-1206
service.args	s0	/bin/sleep	100000
done	mark-1207
service.args	s0	/bin/sleep	100000
done	mark-1208
service.args	s0	/bin/sleep	100000
done	mark-1209
service.args	s0	/bin/sleep	100000
done	mark-1210
service.args	s0	/bin/sleep	100000
done	mark-1211
service.args	s0	/bin/sleep	100000
done	mark-1212
service.args	s0	/bin/sleep	100000
done	mark-1213
service.args	s0	/bin/sleep	100000
done	mark-1214
service.args	s0	/bin/sleep	100000
done	mark-1215
service.args	s0	/bin/sleep	100000
done	mark-1216
service.args	s0	/bin/sleep	100000
done	mark-1217
service.args	s0	/bin/sleep	100000
done	mark-1218
service.args	s0	/bin/sleep	100000
done	mark-1219
service.args	s0	/bin/sleep	100000
done	mark-1220
service.args	s0	/bin/sleep	100000
done	mark-1221
service.args	s0	/bin/sleep	100000
done	mark-1222
service.args	s0	/bin/sleep	100000
done	mark-1223
service.args	s0	/bin/sleep	100000
done	mark-1224
service.args	s0	/bin/sleep	100000
done	mark-1225
service.args	s0	/bin/sleep	100000
done	mark-1226
service.args	s0	/bin/sleep	100000
done	mark-1227
service.args	s0	/bin/sleep	100000
done	mark-1228
service.args	s0	/bin/sleep	100000
done	mark-1229
service.args	s0	/bin/sleep	100000
done	mark-1230
service.args	s0	/bin/sleep	100000
done	mark-1231
service.args	s0	/bin/sleep	100000
done	mark-1232
service.args	s0	/bin/sleep	100000
done	mark-1233
service.args	s0	/bin/sleep	100000
done	mark-1234
service.args	s0	/bin/sleep	100000
done	mark-1235
service.args	s0	/bin/sleep	100000
done	mark-1236
service.args	s0	/bin/sleep	100000
done	mark-1237
service.args	s0	/bin/sleep	100000
done	mark-1238
service.args	s0	/bin/sleep	100000
done	mark-1239
service.args	s0	/bin/sleep	100000
done	mark-1240
service.args	s0	/bin/sleep	100000
done	mark-1241
service.args	s0	/bin/sleep	100000
done	mark-1242
service.args	s0	/bin/sleep	100000
done	mark-1243
service.args	s0	/bin/sleep	100000
done	mark-1244
service.args	s0	/bin/sleep	100000
done	mark-1245
service.args	s0	/bin/sleep	100000
done	mark-1246
service.args	s0	/bin/sleep	100000
done	mark-1247
service.args	s0	/bin/sleep	100000
done	mark-1248
service.args	s0	/bin/sleep	100000
done	mark-1249
service.args	s0	/bin/sleep	100000
done	mark-1250
service.args	s0	/bin/sleep	100000
done	mark-1251
service.args	s0	/bin/sleep	100000
done	mark-1252
service.args	s0	/bin/sleep	100000
done	mark-1253
service.args	s0	/bin/sleep	100000
done	mark-1254
service.args	s0	/bin/sleep	100000
done	mark-1255
service.args	s0	/bin/sleep	100000
done	mark-1256
service.args	s0	/bin/sleep	100000
done	mark-1257
service.args	s0	/bin/sleep	100000
done	mark-1258
service.args	s0	/bin/sleep	100000
done	mark-1259
service.args	s0	/bin/sleep	100000
done	mark-1260
service.args	s0	/bin/sleep	100000
done	mark-1261
service.args	s0	/bin/sleep	100000
done	mark-1262
service.args	s0	/bin/sleep	100000
done	mark-1263
service.args	s0	/bin/sleep	100000
done	mark-1264
service.args	s0	/bin/sleep	100000
done	mark-1265
service.args	s0	/bin/sleep	100000
done	mark-1266
service.args	s0	/bin/sleep	100000
done	mark-1267
service.args	s0	/bin/sleep	100000
done	mark-1268
service.args	s0	/bin/sleep	100000
done	mark-1269
service.args	s0	/bin/sleep	100000
done	mark-1270
service.args	s0	/bin/sleep	100000
done	mark-1271
service.args	s0	/bin/sleep	100000
done	mark-1272
service.args	s0	/bin/sleep	100000
done	mark-1273
service.args	s0	/bin/sleep	100000
done	mark-1274
service.args	s0	/bin/sleep	100000
done	mark-1275
service.args	s0	/bin/sleep	100000
done	mark-1276
service.args	s0	/bin/sleep	100000
done	mark-1277
service.args	s0	/bin/sleep	100000
done	mark-1278
service.args	s0	/bin/sleep	100000
done	mark-1279
service.args	s0	/bin/sleep	100000
done	mark-1280
service.args	s0	/bin/sleep	100000
done	mark-1281
service.args	s0	/bin/sleep	100000
done	mark-1282
service.args	s0	/bin/sleep	100000
done	mark-1283
service.args	s0	/bin/sleep	100000
done	mark-1284
service.args	s0	/bin/sleep	100000
done	mark-1285
service.args	s0	/bin/sleep	100000
done	mark-1286
service.args	s0	/bin/sleep	100000
done	mark-1287
service.args	s0	/bin/sleep	100000
done	mark-1288
service.args	s0	/bin/sleep	100000
done	mark-1289
service.args	s0	/bin/sleep	100000
done	mark-1290
service.args	s0	/bin/sleep	100000
done	mark-1291
service.args	s0	/bin/sleep	100000
done	mark-1292
service.args	s0	/bin/sleep	100000
done	mark-1293
service.args	s0	/bin/sleep	100000
done	mark-1294
service.args	s0	/bin/sleep	100000
done	mark-1295
service.args	s0	/bin/sleep	100000
done	mark-1296
service.args	s0	/bin/sleep	100000
done	mark-1297
service.args	s0	/bin/sleep	100000
done	mark-1298
service.args	s0	/bin/sleep	100000
done	mark-1299
service.args	s0	/bin/sleep	100000
done	mark-1300
service.args	s0	/bin/sleep	100000
done	mark-1301
service.args	s0	/bin/sleep	100000
done	mark-1302
service.args	s0	/bin/sleep	100000
done	mark-1303
service.args	s0	/bin/sleep	100000
done	mark-1304
service.args	s0	/bin/sleep	100000
done	mark-1305
service.args	s0	/bin/sleep	100000
done	mark-1306
service.args	s0	/bin/sleep	100000
done	mark-1307
service.args	s0	/bin/sleep	100000
done	mark-1308
service.args	s0	/bin/sleep	100000
done	mark-1309
service.args	s0	/bin/sleep	100000
done	mark-1310
service.args	s0	/bin/sleep	100000
done	mark-1311
service.args	s0	/bin/sleep	100000
done	mark-1312
service.args	s0	/bin/sleep	100000
done	mark-1313
service.args	s0	/bin/sleep	100000
done	mark-1314
service.args	s0	/bin/sleep	100000
done	mark-1315
service.args	s0	/bin/sleep	100000
done	mark-1316
service.args	s0	/bin/sleep	100000
done	mark-1317
service.args	s0	/bin/sleep	100000
done	mark-1318
service.args	s0	/bin/sleep	100000
done	mark-1319
service.args	s0	/bin/sleep	100000
done	mark-1320
service.args	s0	/bin/sleep	100000
done	mark-1321
service.args	s0	/bin/sleep	100000
done	mark-1322
service.args	s0	/bin/sleep	100000
done	mark-1323
service.args	s0	/bin/sleep	100000
done	mark-1324
service.args	s0	/bin/sleep	100000
done	mark-1325
service.args	s0	/bin/sleep	100000
done	mark-1326
service.args	s0	/bin/sleep	100000
done	mark-1327
service.args	s0	/bin/sleep	100000
done	mark-1328
service.args	s0	/bin/sleep	100000
done	mark-1329
service.args	s0	/bin/sleep	100000
done	mark-1330
service.args	s0	/bin/sleep	100000
done	mark-1331
service.args	s0	/bin/sleep	100000
done	mark-1332
service.args	s0	/bin/sleep	100000
done	mark-1333
service.args	s0	/bin/sleep	100000
done	mark-1334
service.args	s0	/bin/sleep	100000
done	mark-1335
service.args	s0	/bin/sleep	100000
done	mark-1336
service.args	s0	/bin/sleep	100000
done	mark-1337
service.args	s0	/bin/sleep	100000
done	mark-1338
service.args	s0	/bin/sleep	100000
done	mark-1339
service.args	s0	/bin/sleep	100000
done	mark-1340
service.args	s0	/bin/sleep	100000
done	mark-1341
service.args	s0	/bin/sleep	100000
done	mark-1342
service.args	s0	/bin/sleep	100000
done	mark-1343
service.args	s0	/bin/sleep	100000
done	mark-1344
service.args	s0	/bin/sleep	100000
done	mark-1345
service.args	s0	/bin/sleep	100000
done	mark-1346
service.args	s0	/bin/sleep	100000
done	mark-1347
service.args	s0	/bin/sleep	100000
done	mark-1348
service.args	s0	/bin/sleep	100000
done	mark-1349
service.args	s0	/bin/sleep	100000
done	mark-1350
service.args	s0	/bin/sleep	100000
done	mark-1351
service.args	s0	/bin/sleep	100000
done	mark-1352
service.args	s0	/bin/sleep	100000
done	mark-1353
service.args	s0	/bin/sleep	100000
done	mark-1354
service.args	s0	/bin/sleep	100000
done	mark-1355
service.args	s0	/bin/sleep	100000
done	mark-1356
service.args	s0	/bin/sleep	100000
done	mark-1357
service.args	s0	/bin/sleep	100000
done	mark-1358
service.args	s0	/bin/sleep	100000
done	mark-1359
service.args	s0	/bin/sleep	100000
done	mark-1360
service.args	s0	/bin/sleep	100000
done	mark-1361
service.args	s0	/bin/sleep	100000
done	mark-1362
service.args	s0	/bin/sleep	100000
done	mark-1363
service.args	s0	/bin/sleep	100000
done	mark-1364
service.args	s0	/bin/sleep	100000
done	mark-1365
service.args	s0	/bin/sleep	100000
done	mark-1366
service.args	s0	/bin/sleep	100000
done	mark-1367
service.args	s0	/bin/sleep	100000
done	mark-1368
service.args	s0	/bin/sleep	100000
done	mark-1369
service.args	s0	/bin/sleep	100000
done	mark-1370
service.args	s0	/bin/sleep	100000
done	mark-1371
service.args	s0	/bin/sleep	100000
done	mark-1372
service.args	s0	/bin/sleep	100000
done	mark-1373
service.args	s0	/bin/sleep	100000
done	mark-1374
service.args	s0	/bin/sleep	100000
done	mark-1375
service.args	s0	/bin/sleep	100000
done	mark-1376
service.args	s0	/bin/sleep	100000
done	mark-1377
service.args	s0	/bin/sleep	100000
done	mark-1378
service.args	s0	/bin/sleep	100000
done	mark-1379
service.args	s0	/bin/sleep	100000
done	mark-1380
service.args	s0	/bin/sleep	100000
done	mark-1381
service.args	s0	/bin/sleep	100000
done	mark-1382
service.args	s0	/bin/sleep	100000
done	mark-1383
service.args	s0	/bin/sleep	100000
done	mark-1384
service.args	s0	/bin/sleep	100000
done	mark-1385
service.args	s0	/bin/sleep	100000
done	mark-1386
service.args	s0	/bin/sleep	100000
done	mark-1387
service.args	s0	/bin/sleep	100000
done	mark-1388
service.args	s0	/bin/sleep	100000
done	mark-1389
service.args	s0	/bin/sleep	100000
done	mark-1390
service.args	s0	/bin/sleep	100000
done	mark-1391
service.args	s0	/bin/sleep	100000
done	mark-1392
service.args	s0	/bin/sleep	100000
done	mark-1393
service.args	s0	/bin/sleep	100000
done	mark-1394
service.args	s0	/bin/sleep	100000
done	mark-1395
service.args	s0	/bin/sleep	100000
done	mark-1396
service.args	s0	/bin/sleep	100000
done	mark-1397
service.args	s0	/bin/sleep	100000
done	mark-1398
service.args	s0	/bin/sleep	100000
done	mark-1399
service.args	s0	/bin/sleep	100000
done	mark-1400
service.args	s0	/bin/sleep	100000
done	mark-1401
service.args	s0	/bin/sleep	100000
done	mark-1402
service.args	s0	/bin/sleep	100000
done	mark-1403
service.args	s0	/bin/sleep	100000
done	mark-1404
service.args	s0	/bin/sleep	100000
done	mark-1405
service.args	s0	/bin/sleep	100000
done	mark-1406
service.args	s0	/bin/sleep	100000
done	mark-1407
service.args	s0	/bin/sleep	100000
done	mark-1408
service.args	s0	/bin/sleep	100000
done	mark-1409
service.args	s0	/bin/sleep	100000
done	mark-1410
service.args	s0	/bin/sleep	100000
done	mark-1411
service.args	s0	/bin/sleep	100000
done	mark-1412
service.args	s0	/bin/sleep	100000
done	mark-1413
service.args	s0	/bin/sleep	100000
done	mark-1414
service.args	s0	/bin/sleep	100000
done	mark-1415
service.args	s0	/bin/sleep	100000
done	mark-1416
service.args	s0	/bin/sleep	100000
done	mark-1417
service.args	s0	/bin/sleep	100000
done	mark-1418
service.args	s0	/bin/sleep	100000
done	mark-1419
service.args	s0	/bin/sleep	100000
done	mark-1420
service.args	s0	/bin/sleep	100000
done	mark-1421
service.args	s0	/bin/sleep	100000
done	mark-1422
service.args	s0	/bin/sleep	100000
done	mark-1423
service.args	s0	/bin/sleep	100000
done	mark-1424
service.args	s0	/bin/sleep	100000
done	mark-1425
service.args	s0	/bin/sleep	100000
done	mark-1426
service.args	s0	/bin/sleep	100000
done	mark-1427
service.args	s0	/bin/sleep	100000
done	mark-1428
service.args	s0	/bin/sleep	100000
done	mark-1429
service.args	s0	/bin/sleep	100000
done	mark-1430
service.args	s0	/bin/sleep	100000
done	mark-1431
service.args	s0	/bin/sleep	100000
done	mark-1432
service.args	s0	/bin/sleep	100000
done	mark-1433
service.args	s0	/bin/sleep	100000
done	mark-1434
service.args	s0	/bin/sleep	100000
done	mark-1435
service.args	s0	/bin/sleep	100000
done	mark-1436
service.args	s0	/bin/sleep	100000
done	mark-1437
service.args	s0	/bin/sleep	100000
done	mark-1438
service.args	s0	/bin/sleep	100000
done	mark-1439
service.args	s0	/bin/sleep	100000
done	mark-1440
service.args	s0	/bin/sleep	100000
done	mark-1441
service.args	s0	/bin/sleep	100000
done	mark-1442
service.args	s0	/bin/sleep	100000
done	mark-1443
service.args	s0	/bin/sleep	100000
done	mark-1444
service.args	s0	/bin/sleep	100000
done	mark-1445
service.args	s0	/bin/sleep	100000
done	mark-1446
service.args	s0	/bin/sleep	100000
done	mark-1447
service.args	s0	/bin/sleep	100000
done	mark-1448
service.args	s0	/bin/sleep	100000
done	mark-1449
service.args	s0	/bin/sleep	100000
done	mark-1450
service.args	s0	/bin/sleep	100000
done	mark-1451
service.args	s0	/bin/sleep	100000
done	mark-1452
service.args	s0	/bin/sleep	100000
done	mark-1453
service.args	s0	/bin/sleep	100000
done	mark-1454
service.args	s0	/bin/sleep	100000
done	mark-1455
service.args	s0	/bin/sleep	100000
done	mark-1456
service.args	s0	/bin/sleep	100000
done	mark-1457
service.args	s0	/bin/sleep	100000
done	mark-1458
service.args	s0	/bin/sleep	100000
done	mark-1459
service.args	s0	/bin/sleep	100000
done	mark-1460
service.args	s0	/bin/sleep	100000
done	mark-1461
service.args	s0	/bin/sleep	100000
done	mark-1462
service.args	s0	/bin/sleep	100000
done	mark-1463
service.args	s0	/bin/sleep	100000
done	mark-1464
service.args	s0	/bin/sleep	100000
done	mark-1465
service.args	s0	/bin/sleep	100000
done	mark-1466
service.args	s0	/bin/sleep	100000
done	mark-1467
service.args	s0	/bin/sleep	100000
done	mark-1468
service.args	s0	/bin/sleep	100000
done	mark-1469
service.args	s0	/bin/sleep	100000
done	mark-1470
service.args	s0	/bin/sleep	100000
done	mark-1471
service.args	s0	/bin/sleep	100000
done	mark-1472
service.args	s0	/bin/sleep	100000
done	mark-1473
service.args	s0	/bin/sleep	100000
done	mark-1474
service.args	s0	/bin/sleep	100000
done	mark-1475
service.args	s0	/bin/sleep	100000
done	mark-1476
service.args	s0	/bin/sleep	100000
done	mark-1477
service.args	s0	/bin/sleep	100000
done	mark-1478
service.args	s0	/bin/sleep	100000
done	mark-1479
service.args	s0	/bin/sleep	100000
done	mark-1480
service.args	s0	/bin/sleep	100000
done	mark-1481
service.args	s0	/bin/sleep	100000
done	mark-1482
service.args	s0	/bin/sleep	100000
done	mark-1483
service.args	s0	/bin/sleep	100000
done	mark-1484
service.args	s0	/bin/sleep	100000
done	mark-1485
service.args	s0	/bin/sleep	100000
done	mark-1486
service.args	s0	/bin/sleep	100000
done	mark-1487
service.args	s0	/bin/sleep	100000
done	mark-1488
service.args	s0	/bin/sleep	100000
done	mark-1489
service.args	s0	/bin/sleep	100000
done	mark-1490
service.args	s0	/bin/sleep	100000
done	mark-1491
service.args	s0	/bin/sleep	100000
done	mark-1492
service.args	s0	/bin/sleep	100000
done	mark-1493
service.args	s0	/bin/sleep	100000
done	mark-1494
service.args	s0	/bin/sleep	100000
done	mark-1495
service.args	s0	/bin/sleep	100000
done	mark-1496
service.args	s0	/bin/sleep	100000
done	mark-1497
service.args	s0	/bin/sleep	100000
done	mark-1498
service.args	s0	/bin/sleep	100000
done	mark-1499
service.args	s0	/bin/sleep	100000
done	mark-1500
service.args	s0	/bin/sleep	100000
done	mark-1501
service.args	s0	/bin/sleep	100000
done	mark-1502
service.args	s0	/bin/sleep	100000
done	mark-1503
service.args	s0	/bin/sleep	100000
done	mark-1504
service.args	s0	/bin/sleep	100000
done	mark-1505
service.args	s0	/bin/sleep	100000
done	mark-1506
service.args	s0	/bin/sleep	100000
done	mark-1507
service.args	s0	/bin/sleep	100000
done	mark-1508
service.args	s0	/bin/sleep	100000
done	mark-1509
service.args	s0	/bin/sleep	100000
done	mark-1510
service.args	s0	/bin/sleep	100000
done	mark-1511
service.args	s0	/bin/sleep	100000
done	mark-1512
service.args	s0	/bin/sleep	100000
done	mark-1513
service.args	s0	/bin/sleep	100000
done	mark-1514
service.args	s0	/bin/sleep	100000
done	mark-1515
service.args	s0	/bin/sleep	100000
done	mark-1516
service.args	s0	/bin/sleep	100000
done	mark-1517
service.args	s0	/bin/sleep	100000
done	mark-1518
service.args	s0	/bin/sleep	100000
done	mark-1519
service.args	s0	/bin/sleep	100000
done	mark-1520
service.args	s0	/bin/sleep	100000
done	mark-1521
service.args	s0	/bin/sleep	100000
done	mark-1522
service.args	s0	/bin/sleep	100000
done	mark-1523
service.args	s0	/bin/sleep	100000
done	mark-1524
service.args	s0	/bin/sleep	100000
done	mark-1525
service.args	s0	/bin/sleep	100000
done	mark-1526
service.args	s0	/bin/sleep	100000
done	mark-1527
service.args	s0	/bin/sleep	100000
done	mark-1528
service.args	s0	/bin/sleep	100000
done	mark-1529
service.args	s0	/bin/sleep	100000
done	mark-1530
service.args	s0	/bin/sleep	100000
done	mark-1531
service.args	s0	/bin/sleep	100000
done	mark-1532
service.args	s0	/bin/sleep	100000
done	mark-1533
service.args	s0	/bin/sleep	100000
done	mark-1534
service.args	s0	/bin/sleep	100000
done	mark-1535
service.args	s0	/bin/sleep	100000
done	mark-1536
service.args	s0	/bin/sleep	100000
done	mark-1537
service.args	s0	/bin/sleep	100000
done	mark-1538
service.args	s0	/bin/sleep	100000
done	mark-1539
service.args	s0	/bin/sleep	100000
done	mark-1540
service.args	s0	/bin/sleep	100000
done	mark-1541
service.args	s0	/bin/sleep	100000
done	mark-1542
service.args	s0	/bin/sleep	100000
done	mark-1543
service.args	s0	/bin/sleep	100000
done	mark-1544
service.args	s0	/bin/sleep	100000
done	mark-1545
service.args	s0	/bin/sleep	100000
done	mark-1546
service.args	s0	/bin/sleep	100000
done	mark-1547
service.args	s0	/bin/sleep	100000
done	mark-1548
service.args	s0	/bin/sleep	100000
done	mark-1549
service.args	s0	/bin/sleep	100000
done	mark-1550
service.args	s0	/bin/sleep	100000
done	mark-1551
service.args	s0	/bin/sleep	100000
done	mark-1552
service.args	s0	/bin/sleep	100000
done	mark-1553
service.args	s0	/bin/sleep	100000
done	mark-1554
service.args	s0	/bin/sleep	100000
done	mark-1555
service.args	s0	/bin/sleep	100000
done	mark-1556
service.args	s0	/bin/sleep	100000
done	mark-1557
service.args	s0	/bin/sleep	100000
done	mark-1558
service.args	s0	/bin/sleep	100000
done	mark-1559
service.args	s0	/bin/sleep	100000
done	mark-1560
service.args	s0	/bin/sleep	100000
done	mark-1561
service.args	s0	/bin/sleep	100000
done	mark-1562
service.args	s0	/bin/sleep	100000
done	mark-1563
service.args	s0	/bin/sleep	100000
done	mark-1564
service.args	s0	/bin/sleep	100000
done	mark-1565
service.args	s0	/bin/sleep	100000
done	mark-1566
service.args	s0	/bin/sleep	100000
done	mark-1567
service.args	s0	/bin/sleep	100000
done	mark-1568
service.args	s0	/bin/sleep	100000
done	mark-1569
service.args	s0	/bin/sleep	100000
done	mark-1570
service.args	s0	/bin/sleep	100000
done	mark-1571
service.args	s0	/bin/sleep	100000
done	mark-1572
service.args	s0	/bin/sleep	100000
done	mark-1573
service.args	s0	/bin/sleep	100000
done	mark-1574
service.args	s0	/bin/sleep	100000
done	mark-1575
service.args	s0	/bin/sleep	100000
done	mark-1576
service.args	s0	/bin/sleep	100000
done	mark-1577
service.args	s0	/bin/sleep	100000
done	mark-1578
service.args	s0	/bin/sleep	100000
done	mark-1579
service.args	s0	/bin/sleep	100000
done	mark-1580
service.args	s0	/bin/sleep	100000
done	mark-1581
service.args	s0	/bin/sleep	100000
done	mark-1582
service.args	s0	/bin/sleep	100000
done	mark-1583
service.args	s0	/bin/sleep	100000
done	mark-1584
service.args	s0	/bin/sleep	100000
done	mark-1585
service.args	s0	/bin/sleep	100000
done	mark-1586
service.args	s0	/bin/sleep	100000
done	mark-1587
service.args	s0	/bin/sleep	100000
done	mark-1588
service.args	s0	/bin/sleep	100000
done	mark-1589
service.args	s0	/bin/sleep	100000
done	mark-1590
service.args	s0	/bin/sleep	100000
done	mark-1591
service.args	s0	/bin/sleep	100000
done	mark-1592
service.args	s0	/bin/sleep	100000
done	mark-1593
service.args	s0	/bin/sleep	100000
done	mark-1594
service.args	s0	/bin/sleep	100000
done	mark-1595
service.args	s0	/bin/sleep	100000
done	mark-1596
service.args	s0	/bin/sleep	100000
done	mark-1597
service.args	s0	/bin/sleep	100000
done	mark-1598
service.args	s0	/bin/sleep	100000
done	mark-1599
service.args	s0	/bin/sleep	100000
done	mark-1600
service.args	s0	/bin/sleep	100000
done	mark-1601
service.args	s0	/bin/sleep	100000
done	mark-1602
service.args	s0	/bin/sleep	100000
done	mark-1603
service.args	s0	/bin/sleep	100000
done	mark-1604
service.args	s0	/bin/sleep	100000
done	mark-1605
service.args	s0	/bin/sleep	100000
done	mark-1606
service.args	s0	/bin/sleep	100000
done	mark-1607
service.args	s0	/bin/sleep	100000
done	mark-1608
service.args	s0	/bin/sleep	100000
done	mark-1609
service.args	s0	/bin/sleep	100000
done	mark-1610
service.args	s0	/bin/sleep	100000
done	mark-1611
service.args	s0	/bin/sleep	100000
done	mark-1612
service.args	s0	/bin/sleep	100000
done	mark-1613
service.args	s0	/bin/sleep	100000
done	mark-1614
service.args	s0	/bin/sleep	100000
done	mark-1615
service.args	s0	/bin/sleep	100000
done	mark-1616
service.args	s0	/bin/sleep	100000
done	mark-1617
service.args	s0	/bin/sleep	100000
done	mark-1618
service.args	s0	/bin/sleep	100000
done	mark-1619
service.args	s0	/bin/sleep	100000
done	mark-1620
service.args	s0	/bin/sleep	100000
done	mark-1621
service.args	s0	/bin/sleep	100000
done	mark-1622
service.args	s0	/bin/sleep	100000
done	mark-1623
service.args	s0	/bin/sleep	100000
done	mark-1624
service.args	s0	/bin/sleep	100000
done	mark-1625
service.args	s0	/bin/sleep	100000
done	mark-1626
service.args	s0	/bin/sleep	100000
done	mark-1627
service.args	s0	/bin/sleep	100000
done	mark-1628
service.args	s0	/bin/sleep	100000
done	mark-1629
service.args	s0	/bin/sleep	100000
done	mark-1630
service.args	s0	/bin/sleep	100000
done	mark-1631
service.args	s0	/bin/sleep	100000
done	mark-1632
service.args	s0	/bin/sleep	100000
done	mark-1633
service.args	s0	/bin/sleep	100000
done	mark-1634
service.args	s0	/bin/sleep	100000
done	mark-1635
service.args	s0	/bin/sleep	100000
done	mark-1636
service.args	s0	/bin/sleep	100000
done	mark-1637
service.args	s0	/bin/sleep	100000
done	mark-1638
service.args	s0	/bin/sleep	100000
done	mark-1639
service.args	s0	/bin/sleep	100000
done	mark-1640
service.args	s0	/bin/sleep	100000
done	mark-1641
service.args	s0	/bin/sleep	100000
done	mark-1642
service.args	s0	/bin/sleep	100000
done	mark-1643
service.args	s0	/bin/sleep	100000
done	mark-1644
service.args	s0	/bin/sleep	100000
done	mark-1645
service.args	s0	/bin/sleep	100000
done	mark-1646
service.args	s0	/bin/sleep	100000
done	mark-1647
service.args	s0	/bin/sleep	100000
done	mark-1648
service.args	s0	/bin/sleep	100000
done	mark-1649
service.args	s0	/bin/sleep	100000
done	mark-1650
service.args	s0	/bin/sleep	100000
done	mark-1651
service.args	s0	/bin/sleep	100000
done	mark-1652
service.args	s0	/bin/sleep	100000
done	mark-1653
service.args	s0	/bin/sleep	100000
done	mark-1654
service.args	s0	/bin/sleep	100000
done	mark-1655
service.args	s0	/bin/sleep	100000
done	mark-1656
service.args	s0	/bin/sleep	100000
done	mark-1657
service.args	s0	/bin/sleep	100000
done	mark-1658
service.args	s0	/bin/sleep	100000
done	mark-1659
service.args	s0	/bin/sleep	100000
done	mark-1660
service.args	s0	/bin/sleep	100000
done	mark-1661
service.args	s0	/bin/sleep	100000
done	mark-1662
service.args	s0	/bin/sleep	100000
done	mark-1663
service.args	s0	/bin/sleep	100000
done	mark-1664
service.args	s0	/bin/sleep	100000
done	mark-1665
service.args	s0	/bin/sleep	100000
done	mark-1666
service.args	s0	/bin/sleep	100000
done	mark-1667
service.args	s0	/bin/sleep	100000
done	mark-1668
service.args	s0	/bin/sleep	100000
done	mark-1669
service.args	s0	/bin/sleep	100000
done	mark-1670
service.args	s0	/bin/sleep	100000
done	mark-1671
service.args	s0	/bin/sleep	100000
done	mark-1672
service.args	s0	/bin/sleep	100000
done	mark-1673
service.args	s0	/bin/sleep	100000
done	mark-1674
service.args	s0	/bin/sleep	100000
done	mark-1675
service.args	s0	/bin/sleep	100000
done	mark-1676
service.args	s0	/bin/sleep	100000
done	mark-1677
service.args	s0	/bin/sleep	100000
done	mark-1678
service.args	s0	/bin/sleep	100000
done	mark-1679
service.args	s0	/bin/sleep	100000
done	mark-1680
service.args	s0	/bin/sleep	100000
done	mark-1681
service.args	s0	/bin/sleep	100000
done	mark-1682
service.args	s0	/bin/sleep	100000
done	mark-1683
service.args	s0	/bin/sleep	100000
done	mark-1684
service.args	s0	/bin/sleep	100000
done	mark-1685
service.args	s0	/bin/sleep	100000
done	mark-1686
service.args	s0	/bin/sleep	100000
done	mark-1687
service.args	s0	/bin/sleep	100000
done	mark-1688
service.args	s0	/bin/sleep	100000
done	mark-1689
service.args	s0	/bin/sleep	100000
done	mark-1690
service.args	s0	/bin/sleep	100000
done	mark-1691
service.args	s0	/bin/sleep	100000
done	mark-1692
service.args	s0	/bin/sleep	100000
done	mark-1693
service.args	s0	/bin/sleep	100000
done	mark-1694
service.args	s0	/bin/sleep	100000
done	mark-1695
service.args	s0	/bin/sleep	100000
done	mark-1696
service.args	s0	/bin/sleep	100000
done	mark-1697
service.args	s0	/bin/sleep	100000
done	mark-1698
service.args	s0	/bin/sleep	100000
done	mark-1699
service.args	s0	/bin/sleep	100000
done	mark-1700
service.args	s0	/bin/sleep	100000
done	mark-1701
service.args	s0	/bin/sleep	100000
done	mark-1702
service.args	s0	/bin/sleep	100000
done	mark-1703
service.args	s0	/bin/sleep	100000
done	mark-1704
service.args	s0	/bin/sleep	100000
done	mark-1705
service.args	s0	/bin/sleep	100000
done	mark-1706
service.args	s0	/bin/sleep	100000
done	mark-1707
service.args	s0	/bin/sleep	100000
done	mark-1708
service.args	s0	/bin/sleep	100000
done	mark-1709
service.args	s0	/bin/sleep	100000
done	mark-1710
service.args	s0	/bin/sleep	100000
done	mark-1711
service.args	s0	/bin/sleep	100000
done	mark-1712
service.args	s0	/bin/sleep	100000
done	mark-1713
service.args	s0	/bin/sleep	100000
done	mark-1714
service.args	s0	/bin/sleep	100000
done	mark-1715
service.args	s0	/bin/sleep	100000
done	mark-1716
service.args	s0	/bin/sleep	100000
done	mark-1717
service.args	s0	/bin/sleep	100000
done	mark-1718
service.args	s0	/bin/sleep	100000
done	mark-1719
service.args	s0	/bin/sleep	100000
done	mark-1720
service.args	s0	/bin/sleep	100000
done	mark-1721
service.args	s0	/bin/sleep	100000
done	mark-1722
service.args	s0	/bin/sleep	100000
done	mark-1723
service.args	s0	/bin/sleep	100000
done	mark-1724
service.args	s0	/bin/sleep	100000
done	mark-1725
service.args	s0	/bin/sleep	100000
done	mark-1726
service.args	s0	/bin/sleep	100000
done	mark-1727
service.args	s0	/bin/sleep	100000
done	mark-1728
service.args	s0	/bin/sleep	100000
done	mark-1729
service.args	s0	/bin/sleep	100000
done	mark-1730
service.args	s0	/bin/sleep	100000
done	mark-1731
service.args	s0	/bin/sleep	100000
done	mark-1732
service.args	s0	/bin/sleep	100000
done	mark-1733
service.args	s0	/bin/sleep	100000
done	mark-1734
service.args	s0	/bin/sleep	100000
done	mark-1735
service.args	s0	/bin/sleep	100000
done	mark-1736
service.args	s0	/bin/sleep	100000
done	mark-1737
service.args	s0	/bin/sleep	100000
done	mark-1738
service.args	s0	/bin/sleep	100000
done	mark-1739
service.args	s0	/bin/sleep	100000
done	mark-1740
service.args	s0	/bin/sleep	100000
done	mark-1741
service.args	s0	/bin/sleep	100000
done	mark-1742
service.args	s0	/bin/sleep	100000
done	mark-1743
service.args	s0	/bin/sleep	100000
done	mark-1744
service.args	s0	/bin/sleep	100000
done	mark-1745
service.args	s0	/bin/sleep	100000
done	mark-1746
service.args	s0	/bin/sleep	100000
done	mark-1747
service.args	s0	/bin/sleep	100000
done	mark-1748
service.args	s0	/bin/sleep	100000
done	mark-1749
service.args	s0	/bin/sleep	100000
done	mark-1750
service.args	s0	/bin/sleep	100000
done	mark-1751
service.args	s0	/bin/sleep	100000
done	mark-1752
service.args	s0	/bin/sleep	100000
done	mark-1753
service.args	s0	/bin/sleep	100000
done	mark-1754
service.args	s0	/bin/sleep	100000
done	mark-1755
service.args	s0	/bin/sleep	100000
done	mark-1756
service.args	s0	/bin/sleep	100000
done	mark-1757
service.args	s0	/bin/sleep	100000
done	mark-1758
service.args	s0	/bin/sleep	100000
done	mark-1759
service.args	s0	/bin/sleep	100000
done	mark-1760
service.args	s0	/bin/sleep	100000
done	mark-1761
service.args	s0	/bin/sleep	100000
done	mark-1762
service.args	s0	/bin/sleep	100000
done	mark-1763
service.args	s0	/bin/sleep	100000
done	mark-1764
service.args	s0	/bin/sleep	100000
done	mark-1765
service.args	s0	/bin/sleep	100000
done	mark-1766
service.args	s0	/bin/sleep	100000
done	mark-1767
service.args	s0	/bin/sleep	100000
done	mark-1768
service.args	s0	/bin/sleep	100000
done	mark-1769
service.args	s0	/bin/sleep	100000
done	mark-1770
service.args	s0	/bin/sleep	100000
done	mark-1771
service.args	s0	/bin/sleep	100000
done	mark-1772
service.args	s0	/bin/sleep	100000
done	mark-1773
service.args	s0	/bin/sleep	100000
done	mark-1774
service.args	s0	/bin/sleep	100000
done	mark-1775
service.args	s0	/bin/sleep	100000
done	mark-1776
service.args	s0	/bin/sleep	100000
done	mark-1777
service.args	s0	/bin/sleep	100000
done	mark-1778
service.args	s0	/bin/sleep	100000
done	mark-1779
service.args	s0	/bin/sleep	100000
done	mark-1780
service.args	s0	/bin/sleep	100000
done	mark-1781
service.args	s0	/bin/sleep	100000
done	mark-1782
service.args	s0	/bin/sleep	100000
done	mark-1783
service.args	s0	/bin/sleep	100000
done	mark-1784
service.args	s0	/bin/sleep	100000
done	mark-1785
service.args	s0	/bin/sleep	100000
done	mark-1786
service.args	s0	/bin/sleep	100000
done	mark-1787
service.args	s0	/bin/sleep	100000
done	mark-1788
service.args	s0	/bin/sleep	100000
done	mark-1789
service.args	s0	/bin/sleep	100000
done	mark-1790
service.args	s0	/bin/sleep	100000
done	mark-1791
service.args	s0	/bin/sleep	100000
done	mark-1792
service.args	s0	/bin/sleep	100000
done	mark-1793
service.args	s0	/bin/sleep	100000
done	mark-1794
service.args	s0	/bin/sleep	100000
done	mark-1795
service.args	s0	/bin/sleep	100000
done	mark-1796
service.args	s0	/bin/sleep	100000
done	mark-1797
service.args	s0	/bin/sleep	100000
done	mark-1798
service.args	s0	/bin/sleep	100000
done	mark-1799
service.args	s0	/bin/sleep	100000
done	mark-1800
service.args	s0	/bin/sleep	100000
done	mark-1801
service.args	s0	/bin/sleep	100000
done	mark-1802
service.args	s0	/bin/sleep	100000
done	mark-1803
service.args	s0	/bin/sleep	100000
done	mark-1804
service.args	s0	/bin/sleep	100000
done	mark-1805
service.args	s0	/bin/sleep	100000
done	mark-1806
service.args	s0	/bin/sleep	100000
done	mark-1807
service.args	s0	/bin/sleep	100000
done	mark-1808
service.args	s0	/bin/sleep	100000
done	mark-1809
service.args	s0	/bin/sleep	100000
done	mark-1810
service.args	s0	/bin/sleep	100000
done	mark-1811
service.args	s0	/bin/sleep	100000
done	mark-1812
service.args	s0	/bin/sleep	100000
done	mark-1813
service.args	s0	/bin/sleep	100000
done	mark-1814
service.args	s0	/bin/sleep	100000
done	mark-1815
service.args	s0	/bin/sleep	100000
done	mark-1816
service.args	s0	/bin/sleep	100000
done	mark-1817
service.args	s0	/bin/sleep	100000
done	mark-1818
service.args	s0	/bin/sleep	100000
done	mark-1819
service.args	s0	/bin/sleep	100000
done	mark-1820
service.args	s0	/bin/sleep	100000
done	mark-1821
service.args	s0	/bin/sleep	100000
done	mark-1822
service.args	s0	/bin/sleep	100000
done	mark-1823
service.args	s0	/bin/sleep	100000
done	mark-1824
service.args	s0	/bin/sleep	100000
done	mark-1825
service.args	s0	/bin/sleep	100000
done	mark-1826
service.args	s0	/bin/sleep	100000
done	mark-1827
service.args	s0	/bin/sleep	100000
done	mark-1828
service.args	s0	/bin/sleep	100000
done	mark-1829
service.args	s0	/bin/sleep	100000
done	mark-1830
service.args	s0	/bin/sleep	100000
done	mark-1831
service.args	s0	/bin/sleep	100000
done	mark-1832
service.args	s0	/bin/sleep	100000
done	mark-1833
service.args	s0	/bin/sleep	100000
done	mark-1834
service.args	s0	/bin/sleep	100000
done	mark-1835
service.args	s0	/bin/sleep	100000
done	mark-1836
service.args	s0	/bin/sleep	100000
done	mark-1837
service.args	s0	/bin/sleep	100000
done	mark-1838
service.args	s0	/bin/sleep	100000
done	mark-1839
service.args	s0	/bin/sleep	100000
done	mark-1840
service.args	s0	/bin/sleep	100000
done	mark-1841
service.args	s0	/bin/sleep	100000
done	mark-1842
service.args	s0	/bin/sleep	100000
done	mark-1843
service.args	s0	/bin/sleep	100000
done	mark-1844
service.args	s0	/bin/sleep	100000
done	mark-1845
service.args	s0	/bin/sleep	100000
done	mark-1846
service.args	s0	/bin/sleep	100000
done	mark-1847
service.args	s0	/bin/sleep	100000
done	mark-1848
service.args	s0	/bin/sleep	100000
done	mark-1849
service.args	s0	/bin/sleep	100000
done	mark-1850
service.args	s0	/bin/sleep	100000
done	mark-1851
service.args	s0	/bin/sleep	100000
done	mark-1852
service.args	s0	/bin/sleep	100000
done	mark-1853
service.args	s0	/bin/sleep	100000
done	mark-1854
service.args	s0	/bin/sleep	100000
done	mark-1855
service.args	s0	/bin/sleep	100000
done	mark-1856
service.args	s0	/bin/sleep	100000
done	mark-1857
service.args	s0	/bin/sleep	100000
done	mark-1858
service.args	s0	/bin/sleep	100000
done	mark-1859
service.args	s0	/bin/sleep	100000
done	mark-1860
service.args	s0	/bin/sleep	100000
done	mark-1861
service.args	s0	/bin/sleep	100000
done	mark-1862
service.args	s0	/bin/sleep	100000
done	mark-1863
service.args	s0	/bin/sleep	100000
done	mark-1864
service.args	s0	/bin/sleep	100000
done	mark-1865
service.args	s0	/bin/sleep	100000
done	mark-1866
service.args	s0	/bin/sleep	100000
done	mark-1867
service.args	s0	/bin/sleep	100000
done	mark-1868
service.args	s0	/bin/sleep	100000
done	mark-1869
service.args	s0	/bin/sleep	100000
done	mark-1870
service.args	s0	/bin/sleep	100000
done	mark-1871
service.args	s0	/bin/sleep	100000
done	mark-1872
service.args	s0	/bin/sleep	100000
done	mark-1873
service.args	s0	/bin/sleep	100000
done	mark-1874
service.args	s0	/bin/sleep	100000
done	mark-1875
service.args	s0	/bin/sleep	100000
done	mark-1876
service.args	s0	/bin/sleep	100000
done	mark-1877
service.args	s0	/bin/sleep	100000
done	mark-1878
service.args	s0	/bin/sleep	100000
done	mark-1879
service.args	s0	/bin/sleep	100000
done	mark-1880
service.args	s0	/bin/sleep	100000
done	mark-1881
service.args	s0	/bin/sleep	100000
done	mark-1882
service.args	s0	/bin/sleep	100000
done	mark-1883
service.args	s0	/bin/sleep	100000
done	mark-1884
service.args	s0	/bin/sleep	100000
done	mark-1885
service.args	s0	/bin/sleep	100000
done	mark-1886
service.args	s0	/bin/sleep	100000
done	mark-1887
service.args	s0	/bin/sleep	100000
done	mark-1888
service.args	s0	/bin/sleep	100000
done	mark-1889
service.args	s0	/bin/sleep	100000
done	mark-1890
service.args	s0	/bin/sleep	100000
done	mark-1891
service.args	s0	/bin/sleep	100000
done	mark-1892
service.args	s0	/bin/sleep	100000
done	mark-1893
service.args	s0	/bin/sleep	100000
done	mark-1894
service.args	s0	/bin/sleep	100000
done	mark-1895
service.args	s0	/bin/sleep	100000
done	mark-1896
service.args	s0	/bin/sleep	100000
done	mark-1897
service.args	s0	/bin/sleep	100000
done	mark-1898
service.args	s0	/bin/sleep	100000
done	mark-1899
service.args	s0	/bin/sleep	100000
done	mark-1900
service.args	s0	/bin/sleep	100000
done	mark-1901
service.args	s0	/bin/sleep	100000
done	mark-1902
service.args	s0	/bin/sleep	100000
done	mark-1903
service.args	s0	/bin/sleep	100000
done	mark-1904
service.args	s0	/bin/sleep	100000
done	mark-1905
service.args	s0	/bin/sleep	100000
done	mark-1906
service.args	s0	/bin/sleep	100000
done	mark-1907
service.args	s0	/bin/sleep	100000
done	mark-1908
service.args	s0	/bin/sleep	100000
done	mark-1909
service.args	s0	/bin/sleep	100000
done	mark-1910
service.args	s0	/bin/sleep	100000
done	mark-1911
service.args	s0	/bin/sleep	100000
done	mark-1912
service.args	s0	/bin/sleep	100000
done	mark-1913
service.args	s0	/bin/sleep	100000
done	mark-1914
service.args	s0	/bin/sleep	100000
done	mark-1915
service.args	s0	/bin/sleep	100000
done	mark-1916
service.args	s0	/bin/sleep	100000
done	mark-1917
service.args	s0	/bin/sleep	100000
done	mark-1918
service.args	s0	/bin/sleep	100000
done	mark-1919
service.args	s0	/bin/sleep	100000
done	mark-1920
service.args	s0	/bin/sleep	100000
done	mark-1921
service.args	s0	/bin/sleep	100000
done	mark-1922
service.args	s0	/bin/sleep	100000
done	mark-1923
service.args	s0	/bin/sleep	100000
done	mark-1924
service.args	s0	/bin/sleep	100000
done	mark-1925
service.args	s0	/bin/sleep	100000
done	mark-1926
service.args	s0	/bin/sleep	100000
done	mark-1927
service.args	s0	/bin/sleep	100000
done	mark-1928
service.args	s0	/bin/sleep	100000
done	mark-1929
service.args	s0	/bin/sleep	100000
done	mark-1930
service.args	s0	/bin/sleep	100000
done	mark-1931
service.args	s0	/bin/sleep	100000
done	mark-1932
service.args	s0	/bin/sleep	100000
done	mark-1933
service.args	s0	/bin/sleep	100000
done	mark-1934
service.args	s0	/bin/sleep	100000
done	mark-1935
service.args	s0	/bin/sleep	100000
done	mark-1936
service.args	s0	/bin/sleep	100000
done	mark-1937
service.args	s0	/bin/sleep	100000
done	mark-1938
service.args	s0	/bin/sleep	100000
done	mark-1939
service.args	s0	/bin/sleep	100000
done	mark-1940
service.args	s0	/bin/sleep	100000
done	mark-1941
service.args	s0	/bin/sleep	100000
done	mark-1942
service.args	s0	/bin/sleep	100000
done	mark-1943
service.args	s0	/bin/sleep	100000
done	mark-1944
service.args	s0	/bin/sleep	100000
done	mark-1945
service.args	s0	/bin/sleep	100000
done	mark-1946
service.args	s0	/bin/sleep	100000
done	mark-1947
service.args	s0	/bin/sleep	100000
done	mark-1948
service.args	s0	/bin/sleep	100000
done	mark-1949
service.args	s0	/bin/sleep	100000
done	mark-1950
service.args	s0	/bin/sleep	100000
done	mark-1951
service.args	s0	/bin/sleep	100000
done	mark-1952
service.args	s0	/bin/sleep	100000
done	mark-1953
service.args	s0	/bin/sleep	100000
done	mark-1954
service.args	s0	/bin/sleep	100000
done	mark-1955
service.args	s0	/bin/sleep	100000
done	mark-1956
service.args	s0	/bin/sleep	100000
done	mark-1957
service.args	s0	/bin/sleep	100000
done	mark-1958
service.args	s0	/bin/sleep	100000
done	mark-1959
service.args	s0	/bin/sleep	100000
done	mark-1960
service.args	s0	/bin/sleep	100000
done	mark-1961
service.args	s0	/bin/sleep	100000
done	mark-1962
service.args	s0	/bin/sleep	100000
done	mark-1963
service.args	s0	/bin/sleep	100000
done	mark-1964
service.args	s0	/bin/sleep	100000
done	mark-1965
service.args	s0	/bin/sleep	100000
done	mark-1966
service.args	s0	/bin/sleep	100000
done	mark-1967
service.args	s0	/bin/sleep	100000
done	mark-1968
service.args	s0	/bin/sleep	100000
done	mark-1969
service.args	s0	/bin/sleep	100000
done	mark-1970
service.args	s0	/bin/sleep	100000
done	mark-1971
service.args	s0	/bin/sleep	100000
done	mark-1972
service.args	s0	/bin/sleep	100000
done	mark-1973
service.args	s0	/bin/sleep	100000
done	mark-1974
service.args	s0	/bin/sleep	100000
done	mark-1975
service.args	s0	/bin/sleep	100000
done	mark-1976
service.args	s0	/bin/sleep	100000
done	mark-1977
service.args	s0	/bin/sleep	100000
done	mark-1978
service.args	s0	/bin/sleep	100000
done	mark-1979
service.args	s0	/bin/sleep	100000
done	mark-1980
service.args	s0	/bin/sleep	100000
done	mark-1981
service.args	s0	/bin/sleep	100000
done	mark-1982
service.args	s0	/bin/sleep	100000
done	mark-1983
service.args	s0	/bin/sleep	100000
done	mark-1984
service.args	s0	/bin/sleep	100000
done	mark-1985
service.args	s0	/bin/sleep	100000
done	mark-1986
service.args	s0	/bin/sleep	100000
done	mark-1987
service.args	s0	/bin/sleep	100000
done	mark-1988
service.args	s0	/bin/sleep	100000
done	mark-1989
service.args	s0	/bin/sleep	100000
done	mark-1990
service.args	s0	/bin/sleep	100000
done	mark-1991
service.args	s0	/bin/sleep	100000
done	mark-1992
service.args	s0	/bin/sleep	100000
done	mark-1993
service.args	s0	/bin/sleep	100000
done	mark-1994
service.args	s0	/bin/sleep	100000
done	mark-1995
service.args	s0	/bin/sleep	100000
done	mark-1996
service.args	s0	/bin/sleep	100000
done	mark-1997
service.args	s0	/bin/sleep	100000
done	mark-1998
service.args	s0	/bin/sleep	100000
done	mark-1999
service.args	s0	/bin/sleep	100000
done	mark-1000
service.args	s0	/bin/sleep	100000
done	mark-1001
service.args	s0	/bin/sleep	100000
done	mark-1002
service.args	s0	/bin/sleep	100000
done	mark-1003
service.args	s0	/bin/sleep	100000
done	mark-1004
service.args	s0	/bin/sleep	100000
done	mark-1005
service.args	s0	/bin/sleep	100000
done	mark-1006
service.args	s0	/bin/sleep	100000
done	mark-1007
service.args	s0	/bin/sleep	100000
done	mark-1008
service.args	s0	/bin/sleep	100000
done	mark-1009
service.args	s0	/bin/sleep	100000
done	mark-1010
service.args	s0	/bin/sleep	100000
done	mark-1011
service.args	s0	/bin/sleep	100000
done	mark-1012
service.args	s0	/bin/sleep	100000
done	mark-1013
service.args	s0	/bin/sleep	100000
done	mark-1014
service.args	s0	/bin/sleep	100000
done	mark-1015
service.args	s0	/bin/sleep	100000
done	mark-1016
service.args	s0	/bin/sleep	100000
done	mark-1017
service.args	s0	/bin/sleep	100000
done	mark-1018
service.args	s0	/bin/sleep	100000
done	mark-1019
service.args	s0	/bin/sleep	100000
done	mark-1020
service.args	s0	/bin/sleep	100000
done	mark-1021
service.args	s0	/bin/sleep	100000
done	mark-1022
service.args	s0	/bin/sleep	100000
done	mark-1023
service.args	s0	/bin/sleep	100000
done	mark-1024
service.args	s0	/bin/sleep	100000
done	mark-1025
service.args	s0	/bin/sleep	100000
done	mark-1026
service.args	s0	/bin/sleep	100000
done	mark-1027
service.args	s0	/bin/sleep	100000
done	mark-1028
service.args	s0	/bin/sleep	100000
done	mark-1029
service.args	s0	/bin/sleep	100000
done	mark-1030
service.args	s0	/bin/sleep	100000
done	mark-1031
service.args	s0	/bin/sleep	100000
done	mark-1032
service.args	s0	/bin/sleep	100000
done	mark-1033
service.args	s0	/bin/sleep	100000
done	mark-1034
service.args	s0	/bin/sleep	100000
done	mark-1035
service.args	s0	/bin/sleep	100000
done	mark-1036
service.args	s0	/bin/sleep	100000
done	mark-1037
service.args	s0	/bin/sleep	100000
done	mark-1038
service.args	s0	/bin/sleep	100000
done	mark-1039
service.args	s0	/bin/sleep	100000
done	mark-1040
service.args	s0	/bin/sleep	100000
done	mark-1041
service.args	s0	/bin/sleep	100000
done	mark-1042
service.args	s0	/bin/sleep	100000
done	mark-1043
service.args	s0	/bin/sleep	100000
done	mark-1044
service.args	s0	/bin/sleep	100000
done	mark-1045
service.args	s0	/bin/sleep	100000
done	mark-1046
service.args	s0	/bin/sleep	100000
done	mark-1047
service.args	s0	/bin/sleep	100000
done	mark-1048
service.args	s0	/bin/sleep	100000
done	mark-1049
service.args	s0	/bin/sleep	100000
done	mark-1050
service.args	s0	/bin/sleep	100000
done	mark-1051
service.args	s0	/bin/sleep	100000
done	mark-1052
service.args	s0	/bin/sleep	100000
done	mark-1053
service.args	s0	/bin/sleep	100000
done	mark-1054
service.args	s0	/bin/sleep	100000
done	mark-1055
service.args	s0	/bin/sleep	100000
done	mark-1056
service.args	s0	/bin/sleep	100000
done	mark-1057
service.args	s0	/bin/sleep	100000
done	mark-1058
service.args	s0	/bin/sleep	100000
done	mark-1059
service.args	s0	/bin/sleep	100000
done	mark-1060
service.args	s0	/bin/sleep	100000
done	mark-1061
service.args	s0	/bin/sleep	100000
done	mark-1062
service.args	s0	/bin/sleep	100000
done	mark-1063
service.args	s0	/bin/sleep	100000
done	mark-1064
service.args	s0	/bin/sleep	100000
done	mark-1065
service.args	s0	/bin/sleep	100000
done	mark-1066
service.args	s0	/bin/sleep	100000
done	mark-1067
service.args	s0	/bin/sleep	100000
done	mark-1068
service.args	s0	/bin/sleep	100000
done	mark-1069
service.args	s0	/bin/sleep	100000
done	mark-1070
service.args	s0	/bin/sleep	100000
done	mark-1071
service.args	s0	/bin/sleep	100000
done	mark-1072
service.args	s0	/bin/sleep	100000
done	mark-1073
service.args	s0	/bin/sleep	100000
done	mark-1074
service.args	s0	/bin/sleep	100000
done	mark-1075
service.args	s0	/bin/sleep	100000
done	mark-1076
service.args	s0	/bin/sleep	100000
done	mark-1077
service.args	s0	/bin/sleep	100000
done	mark-1078
service.args	s0	/bin/sleep	100000
done	mark-1079
service.args	s0	/bin/sleep	100000
done	mark-1080
service.args	s0	/bin/sleep	100000
done	mark-1081
service.args	s0	/bin/sleep	100000
done	mark-1082
service.args	s0	/bin/sleep	100000
done	mark-1083
service.args	s0	/bin/sleep	100000
done	mark-1084
service.args	s0	/bin/sleep	100000
done	mark-1085
service.args	s0	/bin/sleep	100000
done	mark-1086
service.args	s0	/bin/sleep	100000
done	mark-1087
service.args	s0	/bin/sleep	100000
done	mark-1088
service.args	s0	/bin/sleep	100000
done	mark-1089
service.args	s0	/bin/sleep	100000
done	mark-1090
service.args	s0	/bin/sleep	100000
done	mark-1091
service.args	s0	/bin/sleep	100000
done	mark-1092
service.args	s0	/bin/sleep	100000
done	mark-1093
service.args	s0	/bin/sleep	100000
done	mark-1094
service.args	s0	/bin/sleep	100000
done	mark-1095
service.args	s0	/bin/sleep	100000
done	mark-1096
service.args	s0	/bin/sleep	100000
done	mark-1097
service.args	s0	/bin/sleep	100000
done	mark-1098
service.args	s0	/bin/sleep	100000
done	mark-1099
service.args	s0	/bin/sleep	100000
done	mark-1100
service.args	s0	/bin/sleep	100000
done	mark-1101
service.args	s0	/bin/sleep	100000
done	mark-1102
service.args	s0	/bin/sleep	100000
done	mark-1103
service.args	s0	/bin/sleep	100000
done	mark-1104
service.args	s0	/bin/sleep	100000
done	mark-1105
service.args	s0	/bin/sleep	100000
done	mark-1106
service.args	s0	/bin/sleep	100000
done	mark-1107
service.args	s0	/bin/sleep	100000
done	mark-1108
service.args	s0	/bin/sleep	100000
done	mark-1109
service.args	s0	/bin/sleep	100000
done	mark-1110
service.args	s0	/bin/sleep	100000
done	mark-1111
service.args	s0	/bin/sleep	100000
done	mark-1112
service.args	s0	/bin/sleep	100000
done	mark-1113
service.args	s0	/bin/sleep	100000
done	mark-1114
service.args	s0	/bin/sleep	100000
done	mark-1115
service.args	s0	/bin/sleep	100000
done	mark-1116
service.args	s0	/bin/sleep	100000
done	mark-1117
service.args	s0	/bin/sleep	100000
done	mark-1118
service.args	s0	/bin/sleep	100000
done	mark-1119
service.args	s0	/bin/sleep	100000
done	mark-1120
service.args	s0	/bin/sleep	100000
done	mark-1121
service.args	s0	/bin/sleep	100000
done	mark-1122
service.args	s0	/bin/sleep	100000
done	mark-1123
service.args	s0	/bin/sleep	100000
done	mark-1124
service.args	s0	/bin/sleep	100000
done	mark-1125
service.args	s0	/bin/sleep	100000
done	mark-1126
service.args	s0	/bin/sleep	100000
done	mark-1127
service.args	s0	/bin/sleep	100000
done	mark-1128
service.args	s0	/bin/sleep	100000
done	mark-1129
service.args	s0	/bin/sleep	100000
done	mark-1130
service.args	s0	/bin/sleep	100000
done	mark-1131
service.args	s0	/bin/sleep	100000
done	mark-1132
service.args	s0	/bin/sleep	100000
done	mark-1133
service.args	s0	/bin/sleep	100000
done	mark-1134
service.args	s0	/bin/sleep	100000
done	mark-1135
service.args	s0	/bin/sleep	100000
done	mark-1136
service.args	s0	/bin/sleep	100000
done	mark-1137
service.args	s0	/bin/sleep	100000
done	mark-1138
service.args	s0	/bin/sleep	100000
done	mark-1139
service.args	s0	/bin/sleep	100000
done	mark-1140
service.args	s0	/bin/sleep	100000
done	mark-1141
service.args	s0	/bin/sleep	100000
done	mark-1142
service.args	s0	/bin/sleep	100000
done	mark-1143
service.args	s0	/bin/sleep	100000
done	mark-1144
service.args	s0	/bin/sleep	100000
done	mark-1145
service.args	s0	/bin/sleep	100000
done	mark-1146
service.args	s0	/bin/sleep	100000
done	mark-1147
service.args	s0	/bin/sleep	100000
done	mark-1148
service.args	s0	/bin/sleep	100000
done	mark-1149
service.args	s0	/bin/sleep	100000
done	mark-1150
service.args	s0	/bin/sleep	100000
done	mark-1151
service.args	s0	/bin/sleep	100000
done	mark-1152
service.args	s0	/bin/sleep	100000
done	mark-1153
service.args	s0	/bin/sleep	100000
done	mark-1154
service.args	s0	/bin/sleep	100000
done	mark-1155
service.args	s0	/bin/sleep	100000
done	mark-1156
service.args	s0	/bin/sleep	100000
done	mark-1157
service.args	s0	/bin/sleep	100000
done	mark-1158
service.args	s0	/bin/sleep	100000
done	mark-1159
service.args	s0	/bin/sleep	100000
done	mark-1160
service.args	s0	/bin/sleep	100000
done	mark-1161
service.args	s0	/bin/sleep	100000
done	mark-1162
service.args	s0	/bin/sleep	100000
done	mark-1163
service.args	s0	/bin/sleep	100000
done	mark-1164
service.args	s0	/bin/sleep	100000
done	mark-1165
service.args	s0	/bin/sleep	100000
done	mark-1166
service.args	s0	/bin/sleep	100000
done	mark-1167
service.args	s0	/bin/sleep	100000
done	mark-1168
service.args	s0	/bin/sleep	100000
done	mark-1169
service.args	s0	/bin/sleep	100000
done	mark-1170
service.args	s0	/bin/sleep	100000
done	mark-1171
service.args	s0	/bin/sleep	100000
done	mark-1172
service.args	s0	/bin/sleep	100000
done	mark-1173
service.args	s0	/bin/sleep	100000
done	mark-1174
service.args	s0	/bin/sleep	100000
done	mark-1175
service.args	s0	/bin/sleep	100000
done	mark-1176
service.args	s0	/bin/sleep	100000
done	mark-1177
service.args	s0	/bin/sleep	100000
done	mark-1178
service.args	s0	/bin/sleep	100000
done	mark-1179
service.args	s0	/bin/sleep	100000
done	mark-1180
service.args	s0	/bin/sleep	100000
done	mark-1181
service.args	s0	/bin/sleep	100000
done	mark-1182
service.args	s0	/bin/sleep	100000
done	mark-1183
service.args	s0	/bin/sleep	100000
done	mark-1184
service.args	s0	/bin/sleep	100000
done	mark-1185
service.args	s0	/bin/sleep	100000
done	mark-1186
service.args	s0	/bin/sleep	100000
done	mark-1187
service.args	s0	/bin/sleep	100000
done	mark-1188
service.args	s0	/bin/sleep	100000
done	mark-1189
service.args	s0	/bin/sleep	100000
done	mark-1190
service.args	s0	/bin/sleep	100000
done	mark-1191
service.args	s0	/bin/sleep	100000
done	mark-1192
service.args	s0	/bin/sleep	100000
done	mark-1193
service.args	s0	/bin/sleep	100000
done	mark-1194
service.args	s0	/bin/sleep	100000
done	mark-1195
service.args	s0	/bin/sleep	100000
done	mark-1196
service.args	s0	/bin/sleep	100000
done	mark-1197
service.args	s0	/bin/sleep	100000
done	mark-1198
service.args	s0	/bin/sleep	100000
done	mark-1199
service.args	s0	/bin/sleep	100000
done	mark-1200
service.args	s0	/bin/sleep	100000
done	mark-1201
service.args	s0	/bin/sleep	100000
done	mark-1202
service.args	s0	/bin/sleep	100000
done	mark-1203
service.args	s0	/bin/sleep	100000
done	mark-1204
service.args	s0	/bin/sleep	100000
done	mark-1205
service.args	s0	/bin/sleep	100000
done	mark-1206
service.args	s0	/bin/sleep	100000
done	mark-1207
service.args	s0	/bin/sleep	100000
done	mark-1208
service.args	s0	/bin/sleep	100000
done	mark-1209
service.args	s0	/bin/sleep	100000
done	mark-1210
service.args	s0	/bin/sleep	100000
done	mark-1211
service.args	s0	/bin/sleep	100000
done	mark-1212
service.args	s0	/bin/sleep	100000
done	mark-1213
service.args	s0	/bin/sleep	100000
done	mark-1214
service.args	s0	/bin/sleep	100000
done	mark-1215
service.args	s0	/bin/sleep	100000
done	mark-1216
service.args	s0	/bin/sleep	100000
done	mark-1217
service.args	s0	/bin/sleep	100000
done	mark-1218
service.args	s0	/bin/sleep	100000
done	mark-1219
service.args	s0	/bin/sleep	100000
done	mark-1220
service.args	s0	/bin/sleep	100000
done	mark-1221
service.args	s0	/bin/sleep	100000
done	mark-1222
service.args	s0	/bin/sleep	100000
done	mark-1223
service.args	s0	/bin/sleep	100000
done	mark-1224
service.args	s0	/bin/sleep	100000
done	mark-1225
service.args	s0	/bin/sleep	100000
done	mark-1226
service.args	s0	/bin/sleep	100000
done	mark-1227
service.args	s0	/bin/sleep	100000
done	mark-1228
service.args	s0	/bin/sleep	100000
done	mark-1229
service.args	s0	/bin/sleep	100000
done	mark-1230
service.args	s0	/bin/sleep	100000
done	mark-1231
service.args	s0	/bin/sleep	100000
done	mark-1232
service.args	s0	/bin/sleep	100000
done	mark-1233
service.args	s0	/bin/sleep	100000
done	mark-1234
service.args	s0	/bin/sleep	100000
done	mark-1235
service.args	s0	/bin/sleep	100000
done	mark-1236
service.args	s0	/bin/sleep	100000
done	mark-1237
service.args	s0	/bin/sleep	100000
done	mark-1238
service.args	s0	/bin/sleep	100000
done	mark-1239
service.args	s0	/bin/sleep	100000
done	mark-1240
service.args	s0	/bin/sleep	100000
done	mark-1241
service.args	s0	/bin/sleep	100000
done	mark-1242
service.args	s0	/bin/sleep	100000
done	mark-1243
service.args	s0	/bin/sleep	100000
done	mark-1244
service.args	s0	/bin/sleep	100000
done	mark-1245
service.args	s0	/bin/sleep	100000
done	mark-1246
service.args	s0	/bin/sleep	100000
done	mark-1247
service.args	s0	/bin/sleep	100000
done	mark-1248
service.args	s0	/bin/sleep	100000
done	mark-1249
service.args	s0	/bin/sleep	100000
done	mark-1250
service.args	s0	/bin/sleep	100000
done	mark-1251
service.args	s0	/bin/sleep	100000
done	mark-1252
service.args	s0	/bin/sleep	100000
done	mark-1253
service.args	s0	/bin/sleep	100000
done	mark-1254
service.args	s0	/bin/sleep	100000
done	mark-1255
service.args	s0	/bin/sleep	100000
done	mark-1256
service.args	s0	/bin/sleep	100000
done	mark-1257
service.args	s0	/bin/sleep	100000
done	mark-1258
service.args	s0	/bin/sleep	100000
done	mark-1259
service.args	s0	/bin/sleep	100000
done	mark-1260
service.args	s0	/bin/sleep	100000
done	mark-1261
service.args	s0	/bin/sleep	100000
done	mark-1262
service.args	s0	/bin/sleep	100000
done	mark-1263
service.args	s0	/bin/sleep	100000
done	mark-1264
service.args	s0	/bin/sleep	100000
done	mark-1265
service.args	s0	/bin/sleep	100000
done	mark-1266
service.args	s0	/bin/sleep	100000
done	mark-1267
service.args	s0	/bin/sleep	100000
done	mark-1268
service.args	s0	/bin/sleep	100000
done	mark-1269
service.args	s0	/bin/sleep	100000
done	mark-1270
service.args	s0	/bin/sleep	100000
done	mark-1271
service.args	s0	/bin/sleep	100000
done	mark-1272
service.args	s0	/bin/sleep	100000
done	mark-1273
service.args	s0	/bin/sleep	100000
done	mark-1274
service.args	s0	/bin/sleep	100000
done	mark-1275
service.args	s0	/bin/sleep	100000
done	mark-1276
service.args	s0	/bin/sleep	100000
done	mark-1277
service.args	s0	/bin/sleep	100000
done	mark-1278
service.args	s0	/bin/sleep	100000
done	mark-1279
service.args	s0	/bin/sleep	100000
done	mark-1280
service.args	s0	/bin/sleep	100000
done	mark-1281
service.args	s0	/bin/sleep	100000
done	mark-1282
service.args	s0	/bin/sleep	100000
done	mark-1283
service.args	s0	/bin/sleep	100000
done	mark-1284
service.args	s0	/bin/sleep	100000
done	mark-1285
service.args	s0	/bin/sleep	100000
done	mark-1286
service.args	s0	/bin/sleep	100000
done	mark-1287
service.args	s0	/bin/sleep	100000
done	mark-1288
service.args	s0	/bin/sleep	100000
done	mark-1289
service.args	s0	/bin/sleep	100000
done	mark-1290
service.args	s0	/bin/sleep	100000
done	mark-1291
service.args	s0	/bin/sleep	100000
done	mark-1292
service.args	s0	/bin/sleep	100000
done	mark-1293
service.args	s0	/bin/sleep	100000
done	mark-1294
service.args	s0	/bin/sleep	100000
done	mark-1295
service.args	s0	/bin/sleep	100000
done	mark-1296
service.args	s0	/bin/sleep	100000
done	mark-1297
service.args	s0	/bin/sleep	100000
done	mark-1298
service.args	s0	/bin/sleep	100000
done	mark-1299
service.args	s0	/bin/sleep	100000
done	mark-1300
service.args	s0	/bin/sleep	100000
done	mark-1301
service.args	s0	/bin/sleep	100000
done	mark-1302
service.args	s0	/bin/sleep	100000
done	mark-1303
service.args	s0	/bin/sleep	100000
done	mark-1304
service.args	s0	/bin/sleep	100000
done	mark-1305
service.args	s0	/bin/sleep	100000
done	mark-1306
service.args	s0	/bin/sleep	100000
done	mark-1307
service.args	s0	/bin/sleep	100000
done	mark-1308
service.args	s0	/bin/sleep	100000
done	mark-1309
service.args	s0	/bin/sleep	100000
done	mark-1310
service.args	s0	/bin/sleep	100000
done	mark-1311
service.args	s0	/bin/sleep	100000
done	mark-1312
service.args	s0	/bin/sleep	100000
done	mark-1313
service.args	s0	/bin/sleep	100000
done	mark-1314
service.args	s0	/bin/sleep	100000
done	mark-1315
service.args	s0	/bin/sleep	100000
done	mark-1316
service.args	s0	/bin/sleep	100000
done	mark-1317
service.args	s0	/bin/sleep	100000
done	mark-1318
service.args	s0	/bin/sleep	100000
done	mark-1319
service.args	s0	/bin/sleep	100000
done	mark-1320
service.args	s0	/bin/sleep	100000
done	mark-1321
service.args	s0	/bin/sleep	100000
done	mark-1322
service.args	s0	/bin/sleep	100000
done	mark-1323
service.args	s0	/bin/sleep	100000
done	mark-1324
service.args	s0	/bin/sleep	100000
done	mark-1325
service.args	s0	/bin/sleep	100000
done	mark-1326
service.args	s0	/bin/sleep	100000
done	mark-1327
service.args	s0	/bin/sleep	100000
done	mark-1328
service.args	s0	/bin/sleep	100000
done	mark-1329
service.args	s0	/bin/sleep	100000
done	mark-1330
service.args	s0	/bin/sleep	100000
done	mark-1331
service.args	s0	/bin/sleep	100000
done	mark-1332
service.args	s0	/bin/sleep	100000
done	mark-1333
service.args	s0	/bin/sleep	100000
done	mark-1334
service.args	s0	/bin/sleep	100000
done	mark-1335
service.args	s0	/bin/sleep	100000
done	mark-1336
service.args	s0	/bin/sleep	100000
done	mark-1337
service.args	s0	/bin/sleep	100000
done	mark-1338
service.args	s0	/bin/sleep	100000
done	mark-1339
service.args	s0	/bin/sleep	100000
done	mark-1340
service.args	s0	/bin/sleep	100000
done	mark-1341
service.args	s0	/bin/sleep	100000
done	mark-1342
service.args	s0	/bin/sleep	100000
done	mark-1343
service.args	s0	/bin/sleep	100000
done	mark-1344
service.args	s0	/bin/sleep	100000
done	mark-1345
service.args	s0	/bin/sleep	100000
done	mark-1346
service.args	s0	/bin/sleep	100000
done	mark-1347
service.args	s0	/bin/sleep	100000
done	mark-1348
service.args	s0	/bin/sleep	100000
done	mark-1349
service.args	s0	/bin/sleep	100000
done	mark-1350
service.args	s0	/bin/sleep	100000
done	mark-1351
service.args	s0	/bin/sleep	100000
done	mark-1352
service.args	s0	/bin/sleep	100000
done	mark-1353
service.args	s0	/bin/sleep	100000
done	mark-1354
service.args	s0	/bin/sleep	100000
done	mark-1355
service.args	s0	/bin/sleep	100000
done	mark-1356
service.args	s0	/bin/sleep	100000
done	mark-1357
service.args	s0	/bin/sleep	100000
done	mark-1358
service.args	s0	/bin/sleep	100000
done	mark-1359
service.args	s0	/bin/sleep	100000
done	mark-1360
service.args	s0	/bin/sleep	100000
done	mark-1361
service.args	s0	/bin/sleep	100000
done	mark-1362
service.args	s0	/bin/sleep	100000
done	mark-1363
service.args	s0	/bin/sleep	100000
done	mark-1364
service.args	s0	/bin/sleep	100000
done	mark-1365
service.args	s0	/bin/sleep	100000
done	mark-1366
service.args	s0	/bin/sleep	100000
done	mark-1367
service.args	s0	/bin/sleep	100000
done	mark-1368
service.args	s0	/bin/sleep	100000
done	mark-1369
service.args	s0	/bin/sleep	100000
done	mark-1370
service.args	s0	/bin/sleep	100000
done	mark-1371
service.args	s0	/bin/sleep	100000
done	mark-1372
service.args	s0	/bin/sleep	100000
done	mark-1373
service.args	s0	/bin/sleep	100000
done	mark-1374
service.args	s0	/bin/sleep	100000
done	mark-1375
service.args	s0	/bin/sleep	100000
done	mark-1376
service.args	s0	/bin/sleep	100000
done	mark-1377
service.args	s0	/bin/sleep	100000
done	mark-1378
service.args	s0	/bin/sleep	100000
done	mark-1379
service.args	s0	/bin/sleep	100000
done	mark-1380
service.args	s0	/bin/sleep	100000
done	mark-1381
service.args	s0	/bin/sleep	100000
done	mark-1382
service.args	s0	/bin/sleep	100000
done	mark-1383
service.args	s0	/bin/sleep	100000
done	mark-1384
service.args	s0	/bin/sleep	100000
done	mark-1385
service.args	s0	/bin/sleep	100000
done	mark-1386
service.args	s0	/bin/sleep	100000
done	mark-1387
service.args	s0	/bin/sleep	100000
done	mark-1388
service.args	s0	/bin/sleep	100000
done	mark-1389
service.args	s0	/bin/sleep	100000
done	mark-1390
service.args	s0	/bin/sleep	100000
done	mark-1391
service.args	s0	/bin/sleep	100000
done	mark-1392
service.args	s0	/bin/sleep	100000
done	mark-1393
service.args	s0	/bin/sleep	100000
done	mark-1394
service.args	s0	/bin/sleep	100000
done	mark-1395
service.args	s0	/bin/sleep	100000
done	mark-1396
service.args	s0	/bin/sleep	100000
done	mark-1397
service.args	s0	/bin/sleep	100000
done	mark-1398
service.args	s0	/bin/sleep	100000
done	mark-1399
service.args	s0	/bin/sleep	100000
done	mark-1400
service.args	s0	/bin/sleep	100000
done	mark-1401
service.args	s0	/bin/sleep	100000
done	mark-1402
service.args	s0	/bin/sleep	100000
done	mark-1403
service.args	s0	/bin/sleep	100000
done	mark-1404
service.args	s0	/bin/sleep	100000
done	mark-1405
service.args	s0	/bin/sleep	100000
done	mark-1406
service.args	s0	/bin/sleep	100000
done	mark-1407
service.args	s0	/bin/sleep	100000
done	mark-1408
service.args	s0	/bin/sleep	100000
done	mark-1409
service.args	s0	/bin/sleep	100000
done	mark-1410
service.args	s0	/bin/sleep	100000
done	mark-1411
service.args	s0	/bin/sleep	100000
done	mark-1412
service.args	s0	/bin/sleep	100000
done	mark-1413
service.args	s0	/bin/sleep	100000
done	mark-1414
service.args	s0	/bin/sleep	100000
done	mark-1415
service.args	s0	/bin/sleep	100000
done	mark-1416
service.args	s0	/bin/sleep	100000
done	mark-1417
service.args	s0	/bin/sleep	100000
done	mark-1418
service.args	s0	/bin/sleep	100000
done	mark-1419
service.args	s0	/bin/sleep	100000
done	mark-1420
service.args	s0	/bin/sleep	100000
done	mark-1421
service.args	s0	/bin/sleep	100000
done	mark-1422
service.args	s0	/bin/sleep	100000
done	mark-1423
service.args	s0	/bin/sleep	100000
done	mark-1424
service.args	s0	/bin/sleep	100000
done	mark-1425
service.args	s0	/bin/sleep	100000
done	mark-1426
service.args	s0	/bin/sleep	100000
done	mark-1427
service.args	s0	/bin/sleep	100000
done	mark-1428
service.args	s0	/bin/sleep	100000
done	mark-1429
service.args	s0	/bin/sleep	100000
done	mark-1430
service.args	s0	/bin/sleep	100000
done	mark-1431
service.args	s0	/bin/sleep	100000
done	mark-1432
service.args	s0	/bin/sleep	100000
done	mark-1433
service.args	s0	/bin/sleep	100000
done	mark-1434
service.args	s0	/bin/sleep	100000
done	mark-1435
service.args	s0	/bin/sleep	100000
done	mark-1436
service.args	s0	/bin/sleep	100000
done	mark-1437
service.args	s0	/bin/sleep	100000
done	mark-1438
service.args	s0	/bin/sleep	100000
done	mark-1439
service.args	s0	/bin/sleep	100000
done	mark-1440
service.args	s0	/bin/sleep	100000
done	mark-1441
service.args	s0	/bin/sleep	100000
done	mark-1442
service.args	s0	/bin/sleep	100000
done	mark-1443
service.args	s0	/bin/sleep	100000
done	mark-1444
service.args	s0	/bin/sleep	100000
done	mark-1445
service.args	s0	/bin/sleep	100000
done	mark-1446
service.args	s0	/bin/sleep	100000
done	mark-1447
service.args	s0	/bin/sleep	100000
done	mark-1448
service.args	s0	/bin/sleep	100000
done	mark-1449
service.args	s0	/bin/sleep	100000
done	mark-1450
service.args	s0	/bin/sleep	100000
done	mark-1451
service.args	s0	/bin/sleep	100000
done	mark-1452
service.args	s0	/bin/sleep	100000
done	mark-1453
service.args	s0	/bin/sleep	100000
done	mark-1454
service.args	s0	/bin/sleep	100000
done	mark-1455
service.args	s0	/bin/sleep	100000
done	mark-1456
service.args	s0	/bin/sleep	100000
done	mark-1457
service.args	s0	/bin/sleep	100000
done	mark-1458
service.args	s0	/bin/sleep	100000
done	mark-1459
service.args	s0	/bin/sleep	100000
done	mark-1460
service.args	s0	/bin/sleep	100000
done	mark-1461
service.args	s0	/bin/sleep	100000
done	mark-1462
service.args	s0	/bin/sleep	100000
done	mark-1463
service.args	s0	/bin/sleep	100000
done	mark-1464
service.args	s0	/bin/sleep	100000
done	mark-1465
service.args	s0	/bin/sleep	100000
done	mark-1466
service.args	s0	/bin/sleep	100000
done	mark-1467
service.args	s0	/bin/sleep	100000
done	mark-1468
service.args	s0	/bin/sleep	100000
done	mark-1469
service.args	s0	/bin/sleep	100000
done	mark-1470
service.args	s0	/bin/sleep	100000
done	mark-1471
service.args	s0	/bin/sleep	100000
done	mark-1472
service.args	s0	/bin/sleep	100000
done	mark-1473
service.args	s0	/bin/sleep	100000
done	mark-1474
service.args	s0	/bin/sleep	100000
done	mark-1475
service.args	s0	/bin/sleep	100000
done	mark-1476
service.args	s0	/bin/sleep	100000
done	mark-1477
service.args	s0	/bin/sleep	100000
done	mark-1478
service.args	s0	/bin/sleep	100000
done	mark-1479
service.args	s0	/bin/sleep	100000
done	mark-1480
service.args	s0	/bin/sleep	100000
done	mark-1481
service.args	s0	/bin/sleep	100000
done	mark-1482
service.args	s0	/bin/sleep	100000
done	mark-1483
service.args	s0	/bin/sleep	100000
done	mark-1484
service.args	s0	/bin/sleep	100000
done	mark-1485
service.args	s0	/bin/sleep	100000
done	mark-1486
service.args	s0	/bin/sleep	100000
done	mark-1487
service.args	s0	/bin/sleep	100000
done	mark-1488
service.args	s0	/bin/sleep	100000
done	mark-1489
service.args	s0	/bin/sleep	100000
done	mark-1490
service.args	s0	/bin/sleep	100000
done	mark-1491
service.args	s0	/bin/sleep	100000
done	mark-1492
service.args	s0	/bin/sleep	100000
done	mark-1493
service.args	s0	/bin/sleep	100000
done	mark-1494
service.args	s0	/bin/sleep	100000
done	mark-1495
service.args	s0	/bin/sleep	100000
done	mark-1496
service.args	s0	/bin/sleep	100000
done	mark-1497
service.args	s0	/bin/sleep	100000
done	mark-1498
service.args	s0	/bin/sleep	100000
done	mark-1499
service.args	s0	/bin/sleep	100000
done	mark-1500
service.args	s0	/bin/sleep	100000
done	mark-1501
service.args	s0	/bin/sleep	100000
done	mark-1502
service.args	s0	/bin/sleep	100000
done	mark-1503
service.args	s0	/bin/sleep	100000
done	mark-1504
service.args	s0	/bin/sleep	100000
done	mark-1505
service.args	s0	/bin/sleep	100000
done	mark-1506
service.args	s0	/bin/sleep	100000
done	mark-1507
service.args	s0	/bin/sleep	100000
done	mark-1508
service.args	s0	/bin/sleep	100000
done	mark-1509
service.args	s0	/bin/sleep	100000
done	mark-1510
service.args	s0	/bin/sleep	100000
done	mark-1511
service.args	s0	/bin/sleep	100000
done	mark-1512
service.args	s0	/bin/sleep	100000
done	mark-1513
service.args	s0	/bin/sleep	100000
done	mark-1514
service.args	s0	/bin/sleep	100000
done	mark-1515
service.args	s0	/bin/sleep	100000
done	mark-1516
service.args	s0	/bin/sleep	100000
done	mark-1517
service.args	s0	/bin/sleep	100000
done	mark-1518
service.args	s0	/bin/sleep	100000
done	mark-1519
service.args	s0	/bin/sleep	100000
done	mark-1520
service.args	s0	/bin/sleep	100000
done	mark-1521
service.args	s0	/bin/sleep	100000
done	mark-1522
service.args	s0	/bin/sleep	100000
done	mark-1523
service.args	s0	/bin/sleep	100000
done	mark-1524
service.args	s0	/bin/sleep	100000
done	mark-1525
service.args	s0	/bin/sleep	100000
done	mark-1526
service.args	s0	/bin/sleep	100000
done	mark-1527
service.args	s0	/bin/sleep	100000
done	mark-1528
service.args	s0	/bin/sleep	100000
done	mark-1529
service.args	s0	/bin/sleep	100000
done	mark-1530
service.args	s0	/bin/sleep	100000
done	mark-1531
service.args	s0	/bin/sleep	100000
done	mark-1532
service.args	s0	/bin/sleep	100000
done	mark-1533
service.args	s0	/bin/sleep	100000
done	mark-1534
service.args	s0	/bin/sleep	100000
done	mark-1535
service.args	s0	/bin/sleep	100000
done	mark-1536
service.args	s0	/bin/sleep	100000
done	mark-1537
service.args	s0	/bin/sleep	100000
done	mark-1538
service.args	s0	/bin/sleep	100000
done	mark-1539
service.args	s0	/bin/sleep	100000
done	mark-1540
service.args	s0	/bin/sleep	100000
done	mark-1541
service.args	s0	/bin/sleep	100000
done	mark-1542
service.args	s0	/bin/sleep	100000
done	mark-1543
service.args	s0	/bin/sleep	100000
done	mark-1544
service.args	s0	/bin/sleep	100000
done	mark-1545
service.args	s0	/bin/sleep	100000
done	mark-1546
service.args	s0	/bin/sleep	100000
done	mark-1547
service.args	s0	/bin/sleep	100000
done	mark-1548
service.args	s0	/bin/sleep	100000
done	mark-1549
service.args	s0	/bin/sleep	100000
done	mark-1550
service.args	s0	/bin/sleep	100000
done	mark-1551
service.args	s0	/bin/sleep	100000
done	mark-1552
service.args	s0	/bin/sleep	100000
done	mark-1553
service.args	s0	/bin/sleep	100000
done	mark-1554
service.args	s0	/bin/sleep	100000
done	mark-1555
service.args	s0	/bin/sleep	100000
done	mark-1556
service.args	s0	/bin/sleep	100000
done	mark-1557
service.args	s0	/bin/sleep	100000
done	mark-1558
service.args	s0	/bin/sleep	100000
done	mark-1559
service.args	s0	/bin/sleep	100000
done	mark-1560
service.args	s0	/bin/sleep	100000
done	mark-1561
service.args	s0	/bin/sleep	100000
done	mark-1562
service.args	s0	/bin/sleep	100000
done	mark-1563
service.args	s0	/bin/sleep	100000
done	mark-1564
service.args	s0	/bin/sleep	100000
done	mark-1565
service.args	s0	/bin/sleep	100000
done	mark-1566
service.args	s0	/bin/sleep	100000
done	mark-1567
service.args	s0	/bin/sleep	100000
done	mark-1568
service.args	s0	/bin/sleep	100000
done	mark-1569
service.args	s0	/bin/sleep	100000
done	mark-1570
service.args	s0	/bin/sleep	100000
done	mark-1571
service.args	s0	/bin/sleep	100000
done	mark-1572
service.args	s0	/bin/sleep	100000
done	mark-1573
service.args	s0	/bin/sleep	100000
done	mark-1574
service.args	s0	/bin/sleep	100000
done	mark-1575
service.args	s0	/bin/sleep	100000
done	mark-1576
service.args	s0	/bin/sleep	100000
done	mark-1577
service.args	s0	/bin/sleep	100000
done	mark-1578
service.args	s0	/bin/sleep	100000
done	mark-1579
service.args	s0	/bin/sleep	100000
done	mark-1580
service.args	s0	/bin/sleep	100000
done	mark-1581
service.args	s0	/bin/sleep	100000
done	mark-1582
service.args	s0	/bin/sleep	100000
done	mark-1583
service.args	s0	/bin/sleep	100000
done	mark-1584
service.args	s0	/bin/sleep	100000
done	mark-1585
service.args	s0	/bin/sleep	100000
done	mark-1586
service.args	s0	/bin/sleep	100000
done	mark-1587
service.args	s0	/bin/sleep	100000
done	mark-1588
service.args	s0	/bin/sleep	100000
done	mark-1589
service.args	s0	/bin/sleep	100000
done	mark-1590
service.args	s0	/bin/sleep	100000
done	mark-1591
service.args	s0	/bin/sleep	100000
done	mark-1592
service.args	s0	/bin/sleep	100000
done	mark-1593
service.args	s0	/bin/sleep	100000
done	mark-1594
service.args	s0	/bin/sleep	100000
done	mark-1595
service.args	s0	/bin/sleep	100000
done	mark-1596
service.args	s0	/bin/sleep	100000
done	mark-1597
service.args	s0	/bin/sleep	100000
done	mark-1598
service.args	s0	/bin/sleep	100000
done	mark-1599
service.args	s0	/bin/sleep	100000
done	mark-1600
service.args	s0	/bin/sleep	100000
done	mark-1601
service.args	s0	/bin/sleep	100000
done	mark-1602
service.args	s0	/bin/sleep	100000
done	mark-1603
service.args	s0	/bin/sleep	100000
done	mark-1604
service.args	s0	/bin/sleep	100000
done	mark-1605
service.args	s0	/bin/sleep	100000
done	mark-1606
service.args	s0	/bin/sleep	100000
done	mark-1607
service.args	s0	/bin/sleep	100000
done	mark-1608
service.args	s0	/bin/sleep	100000
done	mark-1609
service.args	s0	/bin/sleep	100000
done	mark-1610
service.args	s0	/bin/sleep	100000
done	mark-1611
service.args	s0	/bin/sleep	100000
done	mark-1612
service.args	s0	/bin/sleep	100000
done	mark-1613
service.args	s0	/bin/sleep	100000
done	mark-1614
service.args	s0	/bin/sleep	100000
done	mark-1615
service.args	s0	/bin/sleep	100000
done	mark-1616
service.args	s0	/bin/sleep	100000
done	mark-1617
service.args	s0	/bin/sleep	100000
done	mark-1618
service.args	s0	/bin/sleep	100000
done	mark-1619
service.args	s0	/bin/sleep	100000
done	mark-1620
service.args	s0	/bin/sleep	100000
done	mark-1621
service.args	s0	/bin/sleep	100000
done	mark-1622
service.args	s0	/bin/sleep	100000
done	mark-1623
service.args	s0	/bin/sleep	100000
done	mark-1624
service.args	s0	/bin/sleep	100000
done	mark-1625
service.args	s0	/bin/sleep	100000
done	mark-1626
service.args	s0	/bin/sleep	100000
done	mark-1627
service.args	s0	/bin/sleep	100000
done	mark-1628
service.args	s0	/bin/sleep	100000
done	mark-1629
service.args	s0	/bin/sleep	100000
done	mark-1630
service.args	s0	/bin/sleep	100000
done	mark-1631
service.args	s0	/bin/sleep	100000
done	mark-1632
service.args	s0	/bin/sleep	100000
done	mark-1633
service.args	s0	/bin/sleep	100000
done	mark-1634
service.args	s0	/bin/sleep	100000
done	mark-1635
service.args	s0	/bin/sleep	100000
done	mark-1636
service.args	s0	/bin/sleep	100000
done	mark-1637
service.args	s0	/bin/sleep	100000
done	mark-1638
service.args	s0	/bin/sleep	100000
done	mark-1639
service.args	s0	/bin/sleep	100000
done	mark-1640
service.args	s0	/bin/sleep	100000
done	mark-1641
service.args	s0	/bin/sleep	100000
done	mark-1642
service.args	s0	/bin/sleep	100000
done	mark-1643
service.args	s0	/bin/sleep	100000
done	mark-1644
service.args	s0	/bin/sleep	100000
done	mark-1645
service.args	s0	/bin/sleep	100000
done	mark-1646
service.args	s0	/bin/sleep	100000
done	mark-1647
service.args	s0	/bin/sleep	100000
done	mark-1648
service.args	s0	/bin/sleep	100000
done	mark-1649
service.args	s0	/bin/sleep	100000
done	mark-1650
service.args	s0	/bin/sleep	100000
done	mark-1651
service.args	s0	/bin/sleep	100000
done	mark-1652
service.args	s0	/bin/sleep	100000
done	mark-1653
service.args	s0	/bin/sleep	100000
done	mark-1654
service.args	s0	/bin/sleep	100000
done	mark-1655
service.args	s0	/bin/sleep	100000
done	mark-1656
service.args	s0	/bin/sleep	100000
done	mark-1657
service.args	s0	/bin/sleep	100000
done	mark-1658
service.args	s0	/bin/sleep	100000
done	mark-1659
service.args	s0	/bin/sleep	100000
done	mark-1660
service.args	s0	/bin/sleep	100000
done	mark-1661
service.args	s0	/bin/sleep	100000
done	mark-1662
service.args	s0	/bin/sleep	100000
done	mark-1663
service.args	s0	/bin/sleep	100000
done	mark-1664
service.args	s0	/bin/sleep	100000
done	mark-1665
service.args	s0	/bin/sleep	100000
done	mark-1666
service.args	s0	/bin/sleep	100000
done	mark-1667
service.args	s0	/bin/sleep	100000
done	mark-1668
service.args	s0	/bin/sleep	100000
done	mark-1669
service.args	s0	/bin/sleep	100000
done	mark-1670
service.args	s0	/bin/sleep	100000
done	mark-1671
service.args	s0	/bin/sleep	100000
done	mark-1672
service.args	s0	/bin/sleep	100000
done	mark-1673
service.args	s0	/bin/sleep	100000
done	mark-1674
service.args	s0	/bin/sleep	100000
done	mark-1675
service.args	s0	/bin/sleep	100000
done	mark-1676
service.args	s0	/bin/sleep	100000
done	mark-1677
service.args	s0	/bin/sleep	100000
done	mark-1678
service.args	s0	/bin/sleep	100000
done	mark-1679
service.args	s0	/bin/sleep	100000
done	mark-1680
service.args	s0	/bin/sleep	100000
done	mark-1681
service.args	s0	/bin/sleep	100000
done	mark-1682
service.args	s0	/bin/sleep	100000
done	mark-1683
service.args	s0	/bin/sleep	100000
done	mark-1684
service.args	s0	/bin/sleep	100000
done	mark-1685
service.args	s0	/bin/sleep	100000
done	mark-1686
service.args	s0	/bin/sleep	100000
done	mark-1687
service.args	s0	/bin/sleep	100000
done	mark-1688
service.args	s0	/bin/sleep	100000
done	mark-1689
service.args	s0	/bin/sleep	100000
done	mark-1690
service.args	s0	/bin/sleep	100000
done	mark-1691
service.args	s0	/bin/sleep	100000
done	mark-1692
service.args	s0	/bin/sleep	100000
done	mark-1693
service.args	s0	/bin/sleep	100000
done	mark-1694
service.args	s0	/bin/sleep	100000
done	mark-1695
service.args	s0	/bin/sleep	100000
done	mark-1696
service.args	s0	/bin/sleep	100000
done	mark-1697
service.args	s0	/bin/sleep	100000
done	mark-1698
service.args	s0	/bin/sleep	100000
done	mark-1699
service.args	s0	/bin/sleep	100000
done	mark-1700
service.args	s0	/bin/sleep	100000
done	mark-1701
service.args	s0	/bin/sleep	100000
done	mark-1702
service.args	s0	/bin/sleep	100000
done	mark-1703
service.args	s0	/bin/sleep	100000
done	mark-1704
service.args	s0	/bin/sleep	100000
done	mark-1705
service.args	s0	/bin/sleep	100000
done	mark-1706
service.args	s0	/bin/sleep	100000
done	mark-1707
service.args	s0	/bin/sleep	100000
done	mark-1708
service.args	s0	/bin/sleep	100000
done	mark-1709
service.args	s0	/bin/sleep	100000
done	mark-1710
service.args	s0	/bin/sleep	100000
done	mark-1711
service.args	s0	/bin/sleep	100000
done	mark-1712
service.args	s0	/bin/sleep	100000
done	mark-1713
service.args	s0	/bin/sleep	100000
done	mark-1714
service.args	s0	/bin/sleep	100000
done	mark-1715
service.args	s0	/bin/sleep	100000
done	mark-1716
service.args	s0	/bin/sleep	100000
done	mark-1717
service.args	s0	/bin/sleep	100000
done	mark-1718
service.args	s0	/bin/sleep	100000
done	mark-1719
service.args	s0	/bin/sleep	100000
done	mark-1720
service.args	s0	/bin/sleep	100000
done	mark-1721
service.args	s0	/bin/sleep	100000
done	mark-1722
service.args	s0	/bin/sleep	100000
done	mark-1723
service.args	s0	/bin/sleep	100000
done	mark-1724
service.args	s0	/bin/sleep	100000
done	mark-1725
service.args	s0	/bin/sleep	100000
done	mark-1726
service.args	s0	/bin/sleep	100000
done	mark-1727
service.args	s0	/bin/sleep	100000
done	mark-1728
service.args	s0	/bin/sleep	100000
done	mark-1729
service.args	s0	/bin/sleep	100000
done	mark-1730
service.args	s0	/bin/sleep	100000
done	mark-1731
service.args	s0	/bin/sleep	100000
done	mark-1732
service.args	s0	/bin/sleep	100000
done	mark-1733
service.args	s0	/bin/sleep	100000
done	mark-1734
service.args	s0	/bin/sleep	100000
done	mark-1735
service.args	s0	/bin/sleep	100000
done	mark-1736
service.args	s0	/bin/sleep	100000
done	mark-1737
service.args	s0	/bin/sleep	100000
done	mark-1738
service.args	s0	/bin/sleep	100000
done	mark-1739
service.args	s0	/bin/sleep	100000
done	mark-1740
service.args	s0	/bin/sleep	100000
done	mark-1741
service.args	s0	/bin/sleep	100000
done	mark-1742
service.args	s0	/bin/sleep	100000
done	mark-1743
service.args	s0	/bin/sleep	100000
done	mark-1744
service.args	s0	/bin/sleep	100000
done	mark-1745
service.args	s0	/bin/sleep	100000
done	mark-1746
service.args	s0	/bin/sleep	100000
done	mark-1747
service.args	s0	/bin/sleep	100000
done	mark-1748
service.args	s0	/bin/sleep	100000
done	mark-1749
service.args	s0	/bin/sleep	100000
done	mark-1750
service.args	s0	/bin/sleep	100000
done	mark-1751
service.args	s0	/bin/sleep	100000
done	mark-1752
service.args	s0	/bin/sleep	100000
done	mark-1753
service.args	s0	/bin/sleep	100000
done	mark-1754
service.args	s0	/bin/sleep	100000
done	mark-1755
service.args	s0	/bin/sleep	100000
done	mark-1756
service.args	s0	/bin/sleep	100000
done	mark-1757
service.args	s0	/bin/sleep	100000
done	mark-1758
service.args	s0	/bin/sleep	100000
done	mark-1759
service.args	s0	/bin/sleep	100000
done	mark-1760
service.args	s0	/bin/sleep	100000
done	mark-1761
service.args	s0	/bin/sleep	100000
done	mark-1762
service.args	s0	/bin/sleep	100000
done	mark-1763
service.args	s0	/bin/sleep	100000
done	mark-1764
service.args	s0	/bin/sleep	100000
done	mark-1765
service.args	s0	/bin/sleep	100000
done	mark-1766
service.args	s0	/bin/sleep	100000
done	mark-1767
service.args	s0	/bin/sleep	100000
done	mark-1768
service.args	s0	/bin/sleep	100000
done	mark-1769
service.args	s0	/bin/sleep	100000
done	mark-1770
service.args	s0	/bin/sleep	100000
done	mark-1771
service.args	s0	/bin/sleep	100000
done	mark-1772
service.args	s0	/bin/sleep	100000
done	mark-1773
service.args	s0	/bin/sleep	100000
done	mark-1774
service.args	s0	/bin/sleep	100000
done	mark-1775
service.args	s0	/bin/sleep	100000
done	mark-1776
service.args	s0	/bin/sleep	100000
done	mark-1777
service.args	s0	/bin/sleep	100000
done	mark-1778
service.args	s0	/bin/sleep	100000
done	mark-1779
service.args	s0	/bin/sleep	100000
done	mark-1780
service.args	s0	/bin/sleep	100000
done	mark-1781
service.args	s0	/bin/sleep	100000
done	mark-1782
service.args	s0	/bin/sleep	100000
done	mark-1783
service.args	s0	/bin/sleep	100000
done	mark-1784
service.args	s0	/bin/sleep	100000
done	mark-1785
service.args	s0	/bin/sleep	100000
done	mark-1786
service.args	s0	/bin/sleep	100000
done	mark-1787
service.args	s0	/bin/sleep	100000
done	mark-1788
service.args	s0	/bin/sleep	100000
done	mark-1789
service.args	s0	/bin/sleep	100000
done	mark-1790
service.args	s0	/bin/sleep	100000
done	mark-1791
service.args	s0	/bin/sleep	100000
done	mark-1792
service.args	s0	/bin/sleep	100000
done	mark-1793
service.args	s0	/bin/sleep	100000
done	mark-1794
service.args	s0	/bin/sleep	100000
done	mark-1795
service.args	s0	/bin/sleep	100000
done	mark-1796
service.args	s0	/bin/sleep	100000
done	mark-1797
service.args	s0	/bin/sleep	100000
done	mark-1798
service.args	s0	/bin/sleep	100000
done	mark-1799
service.args	s0	/bin/sleep	100000
done	mark-1800
service.args	s0	/bin/sleep	100000
done	mark-1801
service.args	s0	/bin/sleep	100000
done	mark-1802
service.args	s0	/bin/sleep	100000
done	mark-1803
service.args	s0	/bin/sleep	100000
done	mark-1804
service.args	s0	/bin/sleep	100000
done	mark-1805
service.args	s0	/bin/sleep	100000
done	mark-1806
service.args	s0	/bin/sleep	100000
done	mark-1807
service.args	s0	/bin/sleep	100000
done	mark-1808
service.args	s0	/bin/sleep	100000
done	mark-1809
service.args	s0	/bin/sleep	100000
done	mark-1810
service.args	s0	/bin/sleep	100000
done	mark-1811
service.args	s0	/bin/sleep	100000
done	mark-1812
service.args	s0	/bin/sleep	100000
done	mark-1813
service.args	s0	/bin/sleep	100000
done	mark-1814
service.args	s0	/bin/sleep	100000
done	mark-1815
service.args	s0	/bin/sleep	100000
done	mark-1816
service.args	s0	/bin/sleep	100000
done	mark-1817
service.args	s0	/bin/sleep	100000
done	mark-1818
service.args	s0	/bin/sleep	100000
done	mark-1819
service.args	s0	/bin/sleep	100000
done	mark-1820
service.args	s0	/bin/sleep	100000
done	mark-1821
service.args	s0	/bin/sleep	100000
done	mark-1822
service.args	s0	/bin/sleep	100000
done	mark-1823
service.args	s0	/bin/sleep	100000
done	mark-1824
service.args	s0	/bin/sleep	100000
done	mark-1825
service.args	s0	/bin/sleep	100000
done	mark-1826
service.args	s0	/bin/sleep	100000
done	mark-1827
service.args	s0	/bin/sleep	100000
done	mark-1828
service.args	s0	/bin/sleep	100000
done	mark-1829
service.args	s0	/bin/sleep	100000
done	mark-1830
service.args	s0	/bin/sleep	100000
done	mark-1831
service.args	s0	/bin/sleep	100000
done	mark-1832
service.args	s0	/bin/sleep	100000
done	mark-1833
service.args	s0	/bin/sleep	100000
done	mark-1834
service.args	s0	/bin/sleep	100000
done	mark-1835
service.args	s0	/bin/sleep	100000
done	mark-1836
service.args	s0	/bin/sleep	100000
done	mark-1837
service.args	s0	/bin/sleep	100000
done	mark-1838
service.args	s0	/bin/sleep	100000
done	mark-1839
service.args	s0	/bin/sleep	100000
done	mark-1840
service.args	s0	/bin/sleep	100000
done	mark-1841
service.args	s0	/bin/sleep	100000
done	mark-1842
service.args	s0	/bin/sleep	100000
done	mark-1843
service.args	s0	/bin/sleep	100000
done	mark-1844
service.args	s0	/bin/sleep	100000
done	mark-1845
service.args	s0	/bin/sleep	100000
done	mark-1846
service.args	s0	/bin/sleep	100000
done	mark-1847
service.args	s0	/bin/sleep	100000
done	mark-1848
service.args	s0	/bin/sleep	100000
done	mark-1849
service.args	s0	/bin/sleep	100000
done	mark-1850
service.args	s0	/bin/sleep	100000
done	mark-1851
service.args	s0	/bin/sleep	100000
done	mark-1852
service.args	s0	/bin/sleep	100000
done	mark-1853
service.args	s0	/bin/sleep	100000
done	mark-1854
service.args	s0	/bin/sleep	100000
done	mark-1855
service.args	s0	/bin/sleep	100000
done	mark-1856
service.args	s0	/bin/sleep	100000
done	mark-1857
service.args	s0	/bin/sleep	100000
done	mark-1858
service.args	s0	/bin/sleep	100000
done	mark-1859
service.args	s0	/bin/sleep	100000
done	mark-1860
service.args	s0	/bin/sleep	100000
done	mark-1861
service.args	s0	/bin/sleep	100000
done	mark-1862
service.args	s0	/bin/sleep	100000
done	mark-1863
service.args	s0	/bin/sleep	100000
done	mark-1864
service.args	s0	/bin/sleep	100000
done	mark-1865
service.args	s0	/bin/sleep	100000
done	mark-1866
service.args	s0	/bin/sleep	100000
done	mark-1867
service.args	s0	/bin/sleep	100000
done	mark-1868
service.args	s0	/bin/sleep	100000
done	mark-1869
service.args	s0	/bin/sleep	100000
done	mark-1870
service.args	s0	/bin/sleep	100000
done	mark-1871
service.args	s0	/bin/sleep	100000
done	mark-1872
service.args	s0	/bin/sleep	100000
done	mark-1873
service.args	s0	/bin/sleep	100000
done	mark-1874
service.args	s0	/bin/sleep	100000
done	mark-1875
service.args	s0	/bin/sleep	100000
done	mark-1876
service.args	s0	/bin/sleep	100000
done	mark-1877
service.args	s0	/bin/sleep	100000
done	mark-1878
service.args	s0	/bin/sleep	100000
done	mark-1879
service.args	s0	/bin/sleep	100000
done	mark-1880
service.args	s0	/bin/sleep	100000
done	mark-1881
service.args	s0	/bin/sleep	100000
done	mark-1882
service.args	s0	/bin/sleep	100000
done	mark-1883
service.args	s0	/bin/sleep	100000
done	mark-1884
service.args	s0	/bin/sleep	100000
done	mark-1885
service.args	s0	/bin/sleep	100000
done	mark-1886
service.args	s0	/bin/sleep	100000
done	mark-1887
service.args	s0	/bin/sleep	100000
done	mark-1888
service.args	s0	/bin/sleep	100000
done	mark-1889
service.args	s0	/bin/sleep	100000
done	mark-1890
service.args	s0	/bin/sleep	100000
done	mark-1891
service.args	s0	/bin/sleep	100000
done	mark-1892
service.args	s0	/bin/sleep	100000
done	mark-1893
service.args	s0	/bin/sleep	100000
done	mark-1894
service.args	s0	/bin/sleep	100000
done	mark-1895
service.args	s0	/bin/sleep	100000
done	mark-1896
service.args	s0	/bin/sleep	100000
done	mark-1897
service.args	s0	/bin/sleep	100000
done	mark-1898
service.args	s0	/bin/sleep	100000
done	mark-1899
service.args	s0	/bin/sleep	100000
done	mark-1900
service.args	s0	/bin/sleep	100000
done	mark-1901
service.args	s0	/bin/sleep	100000
done	mark-1902
service.args	s0	/bin/sleep	100000
done	mark-1903
service.args	s0	/bin/sleep	100000
done	mark-1904
service.args	s0	/bin/sleep	100000
done	mark-1905
service.args	s0	/bin/sleep	100000
done	mark-1906
service.args	s0	/bin/sleep	100000
done	mark-1907
service.args	s0	/bin/sleep	100000
done	mark-1908
service.args	s0	/bin/sleep	100000
done	mark-1909
service.args	s0	/bin/sleep	100000
done	mark-1910
service.args	s0	/bin/sleep	100000
done	mark-1911
service.args	s0	/bin/sleep	100000
done	mark-1912
service.args	s0	/bin/sleep	100000
done	mark-1913
service.args	s0	/bin/sleep	100000
done	mark-1914
service.args	s0	/bin/sleep	100000
done	mark-1915
service.args	s0	/bin/sleep	100000
done	mark-1916
service.args	s0	/bin/sleep	100000
done	mark-1917
service.args	s0	/bin/sleep	100000
done	mark-1918
service.args	s0	/bin/sleep	100000
done	mark-1919
service.args	s0	/bin/sleep	100000
done	mark-1920
service.args	s0	/bin/sleep	100000
done	mark-1921
service.args	s0	/bin/sleep	100000
done	mark-1922
service.args	s0	/bin/sleep	100000
done	mark-1923
service.args	s0	/bin/sleep	100000
done	mark-1924
service.args	s0	/bin/sleep	100000
done	mark-1925
service.args	s0	/bin/sleep	100000
done	mark-1926
service.args	s0	/bin/sleep	100000
done	mark-1927
service.args	s0	/bin/sleep	100000
done	mark-1928
service.args	s0	/bin/sleep	100000
done	mark-1929
service.args	s0	/bin/sleep	100000
done	mark-1930
service.args	s0	/bin/sleep	100000
done	mark-1931
service.args	s0	/bin/sleep	100000
done	mark-1932
service.args	s0	/bin/sleep	100000
done	mark-1933
service.args	s0	/bin/sleep	100000
done	mark-1934
service.args	s0	/bin/sleep	100000
done	mark-1935
service.args	s0	/bin/sleep	100000
done	mark-1936
service.args	s0	/bin/sleep	100000
done	mark-1937
service.args	s0	/bin/sleep	100000
done	mark-1938
service.args	s0	/bin/sleep	100000
done	mark-1939
service.args	s0	/bin/sleep	100000
done	mark-1940
service.args	s0	/bin/sleep	100000
done	mark-1941
service.args	s0	/bin/sleep	100000
done	mark-1942
service.args	s0	/bin/sleep	100000
done	mark-1943
service.args	s0	/bin/sleep	100000
done	mark-1944
service.args	s0	/bin/sleep	100000
done	mark-1945
service.args	s0	/bin/sleep	100000
done	mark-1946
service.args	s0	/bin/sleep	100000
done	mark-1947
service.args	s0	/bin/sleep	100000
done	mark-1948
service.args	s0	/bin/sleep	100000
done	mark-1949
service.args	s0	/bin/sleep	100000
done	mark-1950
service.args	s0	/bin/sleep	100000
done	mark-1951
service.args	s0	/bin/sleep	100000
done	mark-1952
service.args	s0	/bin/sleep	100000
done	mark-1953
service.args	s0	/bin/sleep	100000
done	mark-1954
service.args	s0	/bin/sleep	100000
done	mark-1955
service.args	s0	/bin/sleep	100000
done	mark-1956
service.args	s0	/bin/sleep	100000
done	mark-1957
service.args	s0	/bin/sleep	100000
done	mark-1958
service.args	s0	/bin/sleep	100000
done	mark-1959
service.args	s0	/bin/sleep	100000
done	mark-1960
service.args	s0	/bin/sleep	100000
done	mark-1961
service.args	s0	/bin/sleep	100000
done	mark-1962
service.args	s0	/bin/sleep	100000
done	mark-1963
service.args	s0	/bin/sleep	100000
done	mark-1964
service.args	s0	/bin/sleep	100000
done	mark-1965
service.args	s0	/bin/sleep	100000
done	mark-1966
service.args	s0	/bin/sleep	100000
done	mark-1967
service.args	s0	/bin/sleep	100000
done	mark-1968
service.args	s0	/bin/sleep	100000
done	mark-1969
service.args	s0	/bin/sleep	100000
done	mark-1970
service.args	s0	/bin/sleep	100000
done	mark-1971
service.args	s0	/bin/sleep	100000
done	mark-1972
service.args	s0	/bin/sleep	100000
done	mark-1973
service.args	s0	/bin/sleep	100000
done	mark-1974
service.args	s0	/bin/sleep	100000
done	mark-1975
service.args	s0	/bin/sleep	100000
done	mark-1976
service.args	s0	/bin/sleep	100000
done	mark-1977
service.args	s0	/bin/sleep	100000
done	mark-1978
service.args	s0	/bin/sleep	100000
done	mark-1979
service.args	s0	/bin/sleep	100000
done	mark-1980
service.args	s0	/bin/sleep	100000
done	mark-1981
service.args	s0	/bin/sleep	100000
done	mark-1982
service.args	s0	/bin/sleep	100000
done	mark-1983
service.args	s0	/bin/sleep	100000
done	mark-1984
service.args	s0	/bin/sleep	100000
done	mark-1985
service.args	s0	/bin/sleep	100000
done	mark-1986
service.args	s0	/bin/sleep	100000
done	mark-1987
service.args	s0	/bin/sleep	100000
done	mark-1988
service.args	s0	/bin/sleep	100000
done	mark-1989
service.args	s0	/bin/sleep	100000
done	mark-1990
service.args	s0	/bin/sleep	100000
done	mark-1991
service.args	s0	/bin/sleep	100000
done	mark-1992
service.args	s0	/bin/sleep	100000
done	mark-1993
service.args	s0	/bin/sleep	100000
done	mark-1994
service.args	s0	/bin/sleep	100000
done	mark-1995
service.args	s0	/bin/sleep	100000
done	mark-1996
service.args	s0	/bin/sleep	100000
done	mark-1997
service.args	s0	/bin/sleep	100000
done	mark-1998
service.args	s0	/bin/sleep	100000
done	mark-1999
service.args	s0	/bin/sleep	100000
done	mark-1000
service.args	s0	/bin/sleep	100000
done	mark-1001
service.args	s0	/bin/sleep	100000
done	mark-1002
service.args	s0	/bin/sleep	100000
done	mark-1003
service.args	s0	/bin/sleep	100000
done	mark-1004
service.args	s0	/bin/sleep	100000
done	mark-1005
service.args	s0	/bin/sleep	100000
done	mark-1006
service.args	s0	/bin/sleep	100000
done	mark-1007
service.args	s0	/bin/sleep	100000
done	mark-1008
service.args	s0	/bin/sleep	100000
done	mark-1009
service.args	s0	/bin/sleep	100000
done	mark-1010
service.args	s0	/bin/sleep	100000
done	mark-1011
service.args	s0	/bin/sleep	100000
done	mark-1012
service.args	s0	/bin/sleep	100000
done	mark-1013
service.args	s0	/bin/sleep	100000
done	mark-1014
service.args	s0	/bin/sleep	100000
done	mark-1015
service.args	s0	/bin/sleep	100000
done	mark-1016
service.args	s0	/bin/sleep	100000
done	mark-1017
service.args	s0	/bin/sleep	100000
done	mark-1018
service.args	s0	/bin/sleep	100000
done	mark-1019
service.args	s0	/bin/sleep	100000
done	mark-1020
service.args	s0	/bin/sleep	100000
done	mark-1021
service.args	s0	/bin/sleep	100000
done	mark-1022
service.args	s0	/bin/sleep	100000
done	mark-1023
service.args	s0	/bin/sleep	100000
done	mark-1024
service.args	s0	/bin/sleep	100000
done	mark-1025
service.args	s0	/bin/sleep	100000
done	mark-1026
service.args	s0	/bin/sleep	100000
done	mark-1027
service.args	s0	/bin/sleep	100000
done	mark-1028
service.args	s0	/bin/sleep	100000
done	mark-1029
service.args	s0	/bin/sleep	100000
done	mark-1030
service.args	s0	/bin/sleep	100000
done	mark-1031
service.args	s0	/bin/sleep	100000
done	mark-1032
service.args	s0	/bin/sleep	100000
done	mark-1033
service.args	s0	/bin/sleep	100000
done	mark-1034
service.args	s0	/bin/sleep	100000
done	mark-1035
service.args	s0	/bin/sleep	100000
done	mark-1036
service.args	s0	/bin/sleep	100000
done	mark-1037
service.args	s0	/bin/sleep	100000
done	mark-1038
service.args	s0	/bin/sleep	100000
done	mark-1039
service.args	s0	/bin/sleep	100000
done	mark-1040
service.args	s0	/bin/sleep	100000
done	mark-1041
service.args	s0	/bin/sleep	100000
done	mark-1042
service.args	s0	/bin/sleep	100000
done	mark-1043
service.args	s0	/bin/sleep	100000
done	mark-1044
service.args	s0	/bin/sleep	100000
done	mark-1045
service.args	s0	/bin/sleep	100000
done	mark-1046
service.args	s0	/bin/sleep	100000
done	mark-1047
service.args	s0	/bin/sleep	100000
done	mark-1048
service.args	s0	/bin/sleep	100000
done	mark-1049
service.args	s0	/bin/sleep	100000
done	mark-1050
service.args	s0	/bin/sleep	100000
done	mark-1051
service.args	s0	/bin/sleep	100000
done	mark-1052
service.args	s0	/bin/sleep	100000
done	mark-1053
service.args	s0	/bin/sleep	100000
done	mark-1054
service.args	s0	/bin/sleep	100000
done	mark-1055
service.args	s0	/bin/sleep	100000
done	mark-1056
service.args	s0	/bin/sleep	100000
done	mark-1057
service.args	s0	/bin/sleep	100000
done	mark-1058
service.args	s0	/bin/sleep	100000
done	mark-1059
service.args	s0	/bin/sleep	100000
done	mark-1060
service.args	s0	/bin/sleep	100000
done	mark-1061
service.args	s0	/bin/sleep	100000
done	mark-1062
service.args	s0	/bin/sleep	100000
done	mark-1063
service.args	s0	/bin/sleep	100000
done	mark-1064
service.args	s0	/bin/sleep	100000
done	mark-1065
service.args	s0	/bin/sleep	100000
done	mark-1066
service.args	s0	/bin/sleep	100000
done	mark-1067
service.args	s0	/bin/sleep	100000
done	mark-1068
service.args	s0	/bin/sleep	100000
done	mark-1069
service.args	s0	/bin/sleep	100000
done	mark-1070
service.args	s0	/bin/sleep	100000
done	mark-1071
service.args	s0	/bin/sleep	100000
done	mark-1072
service.args	s0	/bin/sleep	100000
done	mark-1073
service.args	s0	/bin/sleep	100000
done	mark-1074
service.args	s0	/bin/sleep	100000
done	mark-1075
service.args	s0	/bin/sleep	100000
done	mark-1076
service.args	s0	/bin/sleep	100000
done	mark-1077
service.args	s0	/bin/sleep	100000
done	mark-1078
service.args	s0	/bin/sleep	100000
done	mark-1079
service.args	s0	/bin/sleep	100000
done	mark-1080
service.args	s0	/bin/sleep	100000
done	mark-1081
service.args	s0	/bin/sleep	100000
done	mark-1082
service.args	s0	/bin/sleep	100000
done	mark-1083
service.args	s0	/bin/sleep	100000
done	mark-1084
service.args	s0	/bin/sleep	100000
done	mark-1085
service.args	s0	/bin/sleep	100000
done	mark-1086
service.args	s0	/bin/sleep	100000
done	mark-1087
service.args	s0	/bin/sleep	100000
done	mark-1088
service.args	s0	/bin/sleep	100000
done	mark-1089
service.args	s0	/bin/sleep	100000
done	mark-1090
service.args	s0	/bin/sleep	100000
done	mark-1091
service.args	s0	/bin/sleep	100000
done	mark-1092
service.args	s0	/bin/sleep	100000
done	mark-1093
service.args	s0	/bin/sleep	100000
done	mark-1094
service.args	s0	/bin/sleep	100000
done	mark-1095
service.args	s0	/bin/sleep	100000
done	mark-1096
service.args	s0	/bin/sleep	100000
done	mark-1097
service.args	s0	/bin/sleep	100000
done	mark-1098
service.args	s0	/bin/sleep	100000
done	mark-1099
service.args	s0	/bin/sleep	100000
done	mark-1100
service.args	s0	/bin/sleep	100000
done	mark-1101
service.args	s0	/bin/sleep	100000
done	mark-1102
service.args	s0	/bin/sleep	100000
done	mark-1103
service.args	s0	/bin/sleep	100000
done	mark-1104
service.args	s0	/bin/sleep	100000
done	mark-1105
service.args	s0	/bin/sleep	100000
done	mark-1106
service.args	s0	/bin/sleep	100000
done	mark-1107
service.args	s0	/bin/sleep	100000
done	mark-1108
service.args	s0	/bin/sleep	100000
done	mark-1109
service.args	s0	/bin/sleep	100000
done	mark-1110
service.args	s0	/bin/sleep	100000
done	mark-1111
service.args	s0	/bin/sleep	100000
done	mark-1112
service.args	s0	/bin/sleep	100000
done	mark-1113
service.args	s0	/bin/sleep	100000
done	mark-1114
service.args	s0	/bin/sleep	100000
done	mark-1115
service.args	s0	/bin/sleep	100000
done	mark-1116
service.args	s0	/bin/sleep	100000
done	mark-1117
service.args	s0	/bin/sleep	100000
done	mark-1118
service.args	s0	/bin/sleep	100000
done	mark-1119
service.args	s0	/bin/sleep	100000
done	mark-1120
service.args	s0	/bin/sleep	100000
done	mark-1121
service.args	s0	/bin/sleep	100000
done	mark-1122
service.args	s0	/bin/sleep	100000
done	mark-1123
service.args	s0	/bin/sleep	100000
done	mark-1124
service.args	s0	/bin/sleep	100000
done	mark-1125
service.args	s0	/bin/sleep	100000
done	mark-1126
service.args	s0	/bin/sleep	100000
done	mark-1127
service.args	s0	/bin/sleep	100000
done	mark-1128
service.args	s0	/bin/sleep	100000
done	mark-1129
service.args	s0	/bin/sleep	100000
done	mark-1130
service.args	s0	/bin/sleep	100000
done	mark-1131
service.args	s0	/bin/sleep	100000
done	mark-1132
service.args	s0	/bin/sleep	100000
done	mark-1133
service.args	s0	/bin/sleep	100000
done	mark-1134
service.args	s0	/bin/sleep	100000
done	mark-1135
service.args	s0	/bin/sleep	100000
done	mark-1136
service.args	s0	/bin/sleep	100000
done	mark-1137
service.args	s0	/bin/sleep	100000
done	mark-1138
service.args	s0	/bin/sleep	100000
done	mark-1139
service.args	s0	/bin/sleep	100000
done	mark-1140
service.args	s0	/bin/sleep	100000
done	mark-1141
service.args	s0	/bin/sleep	100000
done	mark-1142
service.args	s0	/bin/sleep	100000
done	mark-1143
service.args	s0	/bin/sleep	100000
done	mark-1144
service.args	s0	/bin/sleep	100000
done	mark-1145
service.args	s0	/bin/sleep	100000
done	mark-1146
service.args	s0	/bin/sleep	100000
done	mark-1147
service.args	s0	/bin/sleep	100000
done	mark-1148
service.args	s0	/bin/sleep	100000
done	mark-1149
service.args	s0	/bin/sleep	100000
done	mark-1150
service.args	s0	/bin/sleep	100000
done	mark-1151
service.args	s0	/bin/sleep	100000
done	mark-1152
service.args	s0	/bin/sleep	100000
done	mark-1153
service.args	s0	/bin/sleep	100000
done	mark-1154
service.args	s0	/bin/sleep	100000
done	mark-1155
service.args	s0	/bin/sleep	100000
done	mark-1156
service.args	s0	/bin/sleep	100000
done	mark-1157
service.args	s0	/bin/sleep	100000
done	mark-1158
service.args	s0	/bin/sleep	100000
done	mark-1159
service.args	s0	/bin/sleep	100000
done	mark-1160
service.args	s0	/bin/sleep	100000
done	mark-1161
service.args	s0	/bin/sleep	100000
done	mark-1162
service.args	s0	/bin/sleep	100000
done	mark-1163
service.args	s0	/bin/sleep	100000
done	mark-1164
service.args	s0	/bin/sleep	100000
done	mark-1165
service.args	s0	/bin/sleep	100000
done	mark-1166
service.args	s0	/bin/sleep	100000
done	mark-1167
service.args	s0	/bin/sleep	100000
done	mark-1168
service.args	s0	/bin/sleep	100000
done	mark-1169
service.args	s0	/bin/sleep	100000
done	mark-1170
service.args	s0	/bin/sleep	100000
done	mark-1171
service.args	s0	/bin/sleep	100000
done	mark-1172
service.args	s0	/bin/sleep	100000
done	mark-1173
service.args	s0	/bin/sleep	100000
done	mark-1174
service.args	s0	/bin/sleep	100000
done	mark-1175
service.args	s0	/bin/sleep	100000
done	mark-1176
service.args	s0	/bin/sleep	100000
done	mark-1177
service.args	s0	/bin/sleep	100000
done	mark-1178
service.args	s0	/bin/sleep	100000
done	mark-1179
service.args	s0	/bin/sleep	100000
done	mark-1180
service.args	s0	/bin/sleep	100000
done	mark-1181
service.args	s0	/bin/sleep	100000
done	mark-1182
service.args	s0	/bin/sleep	100000
done	mark-1183
service.args	s0	/bin/sleep	100000
done	mark-1184
service.args	s0	/bin/sleep	100000
done	mark-1185
service.args	s0	/bin/sleep	100000
done	mark-1186
service.args	s0	/bin/sleep	100000
done	mark-1187
service.args	s0	/bin/sleep	100000
done	mark-1188
service.args	s0	/bin/sleep	100000
done	mark-1189
service.args	s0	/bin/sleep	100000
done	mark-1190
service.args	s0	/bin/sleep	100000
done	mark-1191
service.args	s0	/bin/sleep	100000
done	mark-1192
service.args	s0	/bin/sleep	100000
done	mark-1193
service.args	s0	/bin/sleep	100000
done	mark-1194
service.args	s0	/bin/sleep	100000
done	mark-1195
service.args	s0	/bin/sleep	100000
done	mark-1196
service.args	s0	/bin/sleep	100000
done	mark-1197
service.args	s0	/bin/sleep	100000
done	mark-1198
service.args	s0	/bin/sleep	100000
done	mark-1199
service.args	s0	/bin/sleep	100000
done	mark-1200
service.args	s0	/bin/sleep	100000
done	mark-1201
service.args	s0	/bin/sleep	100000
done	mark-1202
service.args	s0	/bin/sleep	100000
done	mark-1203
service.args	s0	/bin/sleep	100000
done	mark-1204
service.args	s0	/bin/sleep	100000
done	mark-1205
service.args	s0	/bin/sleep	100000
done	mark-1206
service.args	s0	/bin/sleep	100000
done	mark-1207
service.args	s0	/bin/sleep	100000
done	mark-1208
service.args	s0	/bin/sleep	100000
done	mark-1209
service.args	s0	/bin/sleep	100000
done	mark-1210
service.args	s0	/bin/sleep	100000
done	mark-1211
service.args	s0	/bin/sleep	100000
done	mark-1212
service.args	s0	/bin/sleep	100000
done	mark-1213
service.args	s0	/bin/sleep	100000
done	mark-1214
service.args	s0	/bin/sleep	100000
done	mark-1215
service.args	s0	/bin/sleep	100000
done	mark-1216
service.args	s0	/bin/sleep	100000
done	mark-1217
service.args	s0	/bin/sleep	100000
done	mark-1218
service.args	s0	/bin/sleep	100000
done	mark-1219
service.args	s0	/bin/sleep	100000
done	mark-1220
service.args	s0	/bin/sleep	100000
done	mark-1221
service.args	s0	/bin/sleep	100000
done	mark-1222
service.args	s0	/bin/sleep	100000
done	mark-1223
service.args	s0	/bin/sleep	100000
done	mark-1224
service.args	s0	/bin/sleep	100000
done	mark-1225
service.args	s0	/bin/sleep	100000
done	mark-1226
service.args	s0	/bin/sleep	100000
done	mark-1227
service.args	s0	/bin/sleep	100000
done	mark-1228
service.args	s0	/bin/sleep	100000
done	mark-1229
service.args	s0	/bin/sleep	100000
done	mark-1230
service.args	s0	/bin/sleep	100000
done	mark-1231
service.args	s0	/bin/sleep	100000
done	mark-1232
service.args	s0	/bin/sleep	100000
done	mark-1233
service.args	s0	/bin/sleep	100000
done	mark-1234
service.args	s0	/bin/sleep	100000
done	mark-1235
service.args	s0	/bin/sleep	100000
done	mark-1236
service.args	s0	/bin/sleep	100000
done	mark-1237
service.args	s0	/bin/sleep	100000
done	mark-1238
service.args	s0	/bin/sleep	100000
done	mark-1239
service.args	s0	/bin/sleep	100000
done	mark-1240
service.args	s0	/bin/sleep	100000
done	mark-1241
service.args	s0	/bin/sleep	100000
done	mark-1242
service.args	s0	/bin/sleep	100000
done	mark-1243
service.args	s0	/bin/sleep	100000
done	mark-1244
service.args	s0	/bin/sleep	100000
done	mark-1245
service.args	s0	/bin/sleep	100000
done	mark-1246
service.args	s0	/bin/sleep	100000
done	mark-1247
service.args	s0	/bin/sleep	100000
done	mark-1248
service.args	s0	/bin/sleep	100000
done	mark-1249
service.args	s0	/bin/sleep	100000
done	mark-1250
service.args	s0	/bin/sleep	100000
done	mark-1251
service.args	s0	/bin/sleep	100000
done	mark-1252
service.args	s0	/bin/sleep	100000
done	mark-1253
service.args	s0	/bin/sleep	100000
done	mark-1254
service.args	s0	/bin/sleep	100000
done	mark-1255
service.args	s0	/bin/sleep	100000
done	mark-1256
service.args	s0	/bin/sleep	100000
done	mark-1257
service.args	s0	/bin/sleep	100000
done	mark-1258
service.args	s0	/bin/sleep	100000
done	mark-1259
service.args	s0	/bin/sleep	100000
done	mark-1260
service.args	s0	/bin/sleep	100000
done	mark-1261
service.args	s0	/bin/sleep	100000
done	mark-1262
service.args	s0	/bin/sleep	100000
done	mark-1263
service.args	s0	/bin/sleep	100000
done	mark-1264
service.args	s0	/bin/sleep	100000
done	mark-1265
service.args	s0	/bin/sleep	100000
done	mark-1266
service.args	s0	/bin/sleep	100000
done	mark-1267
service.args	s0	/bin/sleep	100000
done	mark-1268
service.args	s0	/bin/sleep	100000
done	mark-1269
service.args	s0	/bin/sleep	100000
done	mark-1270
service.args	s0	/bin/sleep	100000
done	mark-1271
service.args	s0	/bin/sleep	100000
done	mark-1272
service.args	s0	/bin/sleep	100000
done	mark-1273
service.args	s0	/bin/sleep	100000
done	mark-1274
service.args	s0	/bin/sleep	100000
done	mark-1275
service.args	s0	/bin/sleep	100000
done	mark-1276
service.args	s0	/bin/sleep	100000
done	mark-1277
service.args	s0	/bin/sleep	100000
done	mark-1278
service.args	s0	/bin/sleep	100000
done	mark-1279
service.args	s0	/bin/sleep	100000
done	mark-1280
service.args	s0	/bin/sleep	100000
done	mark-1281
service.args	s0	/bin/sleep	100000
done	mark-1282
service.args	s0	/bin/sleep	100000
done	mark-1283
service.args	s0	/bin/sleep	100000
done	mark-1284
service.args	s0	/bin/sleep	100000
done	mark-1285
service.args	s0	/bin/sleep	100000
done	mark-1286
service.args	s0	/bin/sleep	100000
done	mark-1287
service.args	s0	/bin/sleep	100000
done	mark-1288
service.args	s0	/bin/sleep	100000
done	mark-1289
service.args	s0	/bin/sleep	100000
done	mark-1290
service.args	s0	/bin/sleep	100000
done	mark-1291
service.args	s0	/bin/sleep	100000
done	mark-1292
service.args	s0	/bin/sleep	100000
done	mark-1293
service.args	s0	/bin/sleep	100000
done	mark-1294
service.args	s0	/bin/sleep	100000
done	mark-1295
service.args	s0	/bin/sleep	100000
done	mark-1296
service.args	s0	/bin/sleep	100000
done	mark-1297
service.args	s0	/bin/sleep	100000
done	mark-1298
service.args	s0	/bin/sleep	100000
done	mark-1299
service.args	s0	/bin/sleep	100000
done	mark-1300
service.args	s0	/bin/sleep	100000
done	mark-1301
service.args	s0	/bin/sleep	100000
done	mark-1302
service.args	s0	/bin/sleep	100000
done	mark-1303
service.args	s0	/bin/sleep	100000
done	mark-1304
service.args	s0	/bin/sleep	100000
done	mark-1305
service.args	s0	/bin/sleep	100000
done	mark-1306
service.args	s0	/bin/sleep	100000
done	mark-1307
service.args	s0	/bin/sleep	100000
done	mark-1308
service.args	s0	/bin/sleep	100000
done	mark-1309
service.args	s0	/bin/sleep	100000
done	mark-1310
service.args	s0	/bin/sleep	100000
done	mark-1311
service.args	s0	/bin/sleep	100000
done	mark-1312
service.args	s0	/bin/sleep	100000
done	mark-1313
service.args	s0	/bin/sleep	100000
done	mark-1314
service.args	s0	/bin/sleep	100000
done	mark-1315
service.args	s0	/bin/sleep	100000
done	mark-1316
service.args	s0	/bin/sleep	100000
done	mark-1317
service.args	s0	/bin/sleep	100000
done	mark-1318
service.args	s0	/bin/sleep	100000
done	mark-1319
service.args	s0	/bin/sleep	100000
done	mark-1320
service.args	s0	/bin/sleep	100000
done	mark-1321
service.args	s0	/bin/sleep	100000
done	mark-1322
service.args	s0	/bin/sleep	100000
done	mark-1323
service.args	s0	/bin/sleep	100000
done	mark-1324
service.args	s0	/bin/sleep	100000
done	mark-1325
service.args	s0	/bin/sleep	100000
done	mark-1326
service.args	s0	/bin/sleep	100000
done	mark-1327
service.args	s0	/bin/sleep	100000
done	mark-1328
service.args	s0	/bin/sleep	100000
done	mark-1329
service.args	s0	/bin/sleep	100000
done	mark-1330
service.args	s0	/bin/sleep	100000
done	mark-1331
service.args	s0	/bin/sleep	100000
done	mark-1332
service.args	s0	/bin/sleep	100000
done	mark-1333
service.args	s0	/bin/sleep	100000
done	mark-1334
service.args	s0	/bin/sleep	100000
done	mark-1335
service.args	s0	/bin/sleep	100000
done	mark-1336
service.args	s0	/bin/sleep	100000
done	mark-1337
service.args	s0	/bin/sleep	100000
done	mark-1338
service.args	s0	/bin/sleep	100000
done	mark-1339
service.args	s0	/bin/sleep	100000
done	mark-1340
service.args	s0	/bin/sleep	100000
done	mark-1341
service.args	s0	/bin/sleep	100000
done	mark-1342
service.args	s0	/bin/sleep	100000
done	mark-1343
service.args	s0	/bin/sleep	100000
done	mark-1344
service.args	s0	/bin/sleep	100000
done	mark-1345
service.args	s0	/bin/sleep	100000
done	mark-1346
service.args	s0	/bin/sleep	100000
done	mark-1347
service.args	s0	/bin/sleep	100000
done	mark-1348
service.args	s0	/bin/sleep	100000
done	mark-1349
service.args	s0	/bin/sleep	100000
done	mark-1350
service.args	s0	/bin/sleep	100000
done	mark-1351
service.args	s0	/bin/sleep	100000
done	mark-1352
service.args	s0	/bin/sleep	100000
done	mark-1353
service.args	s0	/bin/sleep	100000
done	mark-1354
service.args	s0	/bin/sleep	100000
done	mark-1355
service.args	s0	/bin/sleep	100000
done	mark-1356
service.args	s0	/bin/sleep	100000
done	mark-1357
service.args	s0	/bin/sleep	100000
done	mark-1358
service.args	s0	/bin/sleep	100000
done	mark-1359
service.args	s0	/bin/sleep	100000
done	mark-1360
service.args	s0	/bin/sleep	100000
done	mark-1361
service.args	s0	/bin/sleep	100000
done	mark-1362
service.args	s0	/bin/sleep	100000
done	mark-1363
service.args	s0	/bin/sleep	100000
done	mark-1364
service.args	s0	/bin/sleep	100000
done	mark-1365
service.args	s0	/bin/sleep	100000
done	mark-1366
service.args	s0	/bin/sleep	100000
done	mark-1367
service.args	s0	/bin/sleep	100000
done	mark-1368
service.args	s0	/bin/sleep	100000
done	mark-1369
service.args	s0	/bin/sleep	100000
done	mark-1370
service.args	s0	/bin/sleep	100000
done	mark-1371
service.args	s0	/bin/sleep	100000
done	mark-1372
service.args	s0	/bin/sleep	100000
done	mark-1373
service.args	s0	/bin/sleep	100000
done	mark-1374
service.args	s0	/bin/sleep	100000
done	mark-1375
service.args	s0	/bin/sleep	100000
done	mark-1376
service.args	s0	/bin/sleep	100000
done	mark-1377
service.args	s0	/bin/sleep	100000
done	mark-1378
service.args	s0	/bin/sleep	100000
done	mark-1379
service.args	s0	/bin/sleep	100000
done	mark-1380
service.args	s0	/bin/sleep	100000
done	mark-1381
service.args	s0	/bin/sleep	100000
done	mark-1382
service.args	s0	/bin/sleep	100000
done	mark-1383
service.args	s0	/bin/sleep	100000
done	mark-1384
service.args	s0	/bin/sleep	100000
done	mark-1385
service.args	s0	/bin/sleep	100000
done	mark-1386
service.args	s0	/bin/sleep	100000
done	mark-1387
service.args	s0	/bin/sleep	100000
done	mark-1388
service.args	s0	/bin/sleep	100000
done	mark-1389
service.args	s0	/bin/sleep	100000
done	mark-1390
service.args	s0	/bin/sleep	100000
done	mark-1391
service.args	s0	/bin/sleep	100000
done	mark-1392
service.args	s0	/bin/sleep	100000
done	mark-1393
service.args	s0	/bin/sleep	100000
done	mark-1394
service.args	s0	/bin/sleep	100000
done	mark-1395
service.args	s0	/bin/sleep	100000
done	mark-1396
service.args	s0	/bin/sleep	100000
done	mark-1397
service.args	s0	/bin/sleep	100000
done	mark-1398
service.args	s0	/bin/sleep	100000
done	mark-1399
service.args	s0	/bin/sleep	100000
done	mark-1400
service.args	s0	/bin/sleep	100000
done	mark-1401
service.args	s0	/bin/sleep	100000
done	mark-1402
service.args	s0	/bin/sleep	100000
done	mark-1403
service.args	s0	/bin/sleep	100000
done	mark-1404
service.args	s0	/bin/sleep	100000
done	mark-1405
service.args	s0	/bin/sleep	100000
done	mark-1406
service.args	s0	/bin/sleep	100000
done	mark-1407
service.args	s0	/bin/sleep	100000
done	mark-1408
service.args	s0	/bin/sleep	100000
done	mark-1409
service.args	s0	/bin/sleep	100000
done	mark-1410
service.args	s0	/bin/sleep	100000
done	mark-1411
service.args	s0	/bin/sleep	100000
done	mark-1412
service.args	s0	/bin/sleep	100000
done	mark-1413
service.args	s0	/bin/sleep	100000
done	mark-1414
service.args	s0	/bin/sleep	100000
done	mark-1415
service.args	s0	/bin/sleep	100000
done	mark-1416
service.args	s0	/bin/sleep	100000
done	mark-1417
service.args	s0	/bin/sleep	100000
done	mark-1418
service.args	s0	/bin/sleep	100000
done	mark-1419
service.args	s0	/bin/sleep	100000
done	mark-1420
service.args	s0	/bin/sleep	100000
done	mark-1421
service.args	s0	/bin/sleep	100000
done	mark-1422
service.args	s0	/bin/sleep	100000
done	mark-1423
service.args	s0	/bin/sleep	100000
done	mark-1424
service.args	s0	/bin/sleep	100000
done	mark-1425
service.args	s0	/bin/sleep	100000
done	mark-1426
service.args	s0	/bin/sleep	100000
done	mark-1427
service.args	s0	/bin/sleep	100000
done	mark-1428
service.args	s0	/bin/sleep	100000
done	mark-1429
service.args	s0	/bin/sleep	100000
done	mark-1430
service.args	s0	/bin/sleep	100000
done	mark-1431
service.args	s0	/bin/sleep	100000
done	mark-1432
service.args	s0	/bin/sleep	100000
done	mark-1433
service.args	s0	/bin/sleep	100000
done	mark-1434
service.args	s0	/bin/sleep	100000
done	mark-1435
service.args	s0	/bin/sleep	100000
done	mark-1436
service.args	s0	/bin/sleep	100000
done	mark-1437
service.args	s0	/bin/sleep	100000
done	mark-1438
service.args	s0	/bin/sleep	100000
done	mark-1439
service.args	s0	/bin/sleep	100000
done	mark-1440
service.args	s0	/bin/sleep	100000
done	mark-1441
service.args	s0	/bin/sleep	100000
done	mark-1442
service.args	s0	/bin/sleep	100000
done	mark-1443
service.args	s0	/bin/sleep	100000
done	mark-1444
service.args	s0	/bin/sleep	100000
done	mark-1445
service.args	s0	/bin/sleep	100000
done	mark-1446
service.args	s0	/bin/sleep	100000
done	mark-1447
service.args	s0	/bin/sleep	100000
done	mark-1448
service.args	s0	/bin/sleep	100000
done	mark-1449
service.args	s0	/bin/sleep	100000
done	mark-1450
service.args	s0	/bin/sleep	100000
done	mark-1451
service.args	s0	/bin/sleep	100000
done	mark-1452
service.args	s0	/bin/sleep	100000
done	mark-1453
service.args	s0	/bin/sleep	100000
done	mark-1454
service.args	s0	/bin/sleep	100000
done	mark-1455
service.args	s0	/bin/sleep	100000
done	mark-1456
service.args	s0	/bin/sleep	100000
done	mark-1457
service.args	s0	/bin/sleep	100000
done	mark-1458
service.args	s0	/bin/sleep	100000
done	mark-1459
service.args	s0	/bin/sleep	100000
done	mark-1460
service.args	s0	/bin/sleep	100000
done	mark-1461
service.args	s0	/bin/sleep	100000
done	mark-1462
service.args	s0	/bin/sleep	100000
done	mark-1463
service.args	s0	/bin/sleep	100000
done	mark-1464
service.args	s0	/bin/sleep	100000
done	mark-1465
service.args	s0	/bin/sleep	100000
done	mark-1466
service.args	s0	/bin/sleep	100000
done	mark-1467
service.args	s0	/bin/sleep	100000
done	mark-1468
service.args	s0	/bin/sleep	100000
done	mark-1469
service.args	s0	/bin/sleep	100000
done	mark-1470
service.args	s0	/bin/sleep	100000
done	mark-1471
service.args	s0	/bin/sleep	100000
done	mark-1472
service.args	s0	/bin/sleep	100000
done	mark-1473
service.args	s0	/bin/sleep	100000
done	mark-1474
service.args	s0	/bin/sleep	100000
done	mark-1475
service.args	s0	/bin/sleep	100000
done	mark-1476
service.args	s0	/bin/sleep	100000
done	mark-1477
service.args	s0	/bin/sleep	100000
done	mark-1478
service.args	s0	/bin/sleep	100000
done	mark-1479
service.args	s0	/bin/sleep	100000
done	mark-1480
service.args	s0	/bin/sleep	100000
done	mark-1481
service.args	s0	/bin/sleep	100000
done	mark-1482
service.args	s0	/bin/sleep	100000
done	mark-1483
service.args	s0	/bin/sleep	100000
done	mark-1484
service.args	s0	/bin/sleep	100000
done	mark-1485
service.args	s0	/bin/sleep	100000
done	mark-1486
service.args	s0	/bin/sleep	100000
done	mark-1487
service.args	s0	/bin/sleep	100000
done	mark-1488
service.args	s0	/bin/sleep	100000
done	mark-1489
service.args	s0	/bin/sleep	100000
done	mark-1490
service.args	s0	/bin/sleep	100000
done	mark-1491
service.args	s0	/bin/sleep	100000
done	mark-1492
service.args	s0	/bin/sleep	100000
done	mark-1493
service.args	s0	/bin/sleep	100000
done	mark-1494
service.args	s0	/bin/sleep	100000
done	mark-1495
service.args	s0	/bin/sleep	100000
done	mark-1496
service.args	s0	/bin/sleep	100000
done	mark-1497
service.args	s0	/bin/sleep	100000
done	mark-1498
service.args	s0	/bin/sleep	100000
done	mark-1499
service.args	s0	/bin/sleep	100000
done	mark-1500
service.args	s0	/bin/sleep	100000
done	mark-1501
service.args	s0	/bin/sleep	100000
done	mark-1502
service.args	s0	/bin/sleep	100000
done	mark-1503
service.args	s0	/bin/sleep	100000
done	mark-1504
service.args	s0	/bin/sleep	100000
done	mark-1505
service.args	s0	/bin/sleep	100000
done	mark-1506
service.args	s0	/bin/sleep	100000
done	mark-1507
service.args	s0	/bin/sleep	100000
done	mark-1508
service.args	s0	/bin/sleep	100000
done	mark-1509
service.args	s0	/bin/sleep	100000
done	mark-1510
service.args	s0	/bin/sleep	100000
done	mark-1511
service.args	s0	/bin/sleep	100000
done	mark-1512
service.args	s0	/bin/sleep	100000
done	mark-1513
service.args	s0	/bin/sleep	100000
done	mark-1514
service.args	s0	/bin/sleep	100000
done	mark-1515
service.args	s0	/bin/sleep	100000
done	mark-1516
service.args	s0	/bin/sleep	100000
done	mark-1517
service.args	s0	/bin/sleep	100000
done	mark-1518
service.args	s0	/bin/sleep	100000
done	mark-1519
service.args	s0	/bin/sleep	100000
done	mark-1520
service.args	s0	/bin/sleep	100000
done	mark-1521
service.args	s0	/bin/sleep	100000
done	mark-1522
service.args	s0	/bin/sleep	100000
done	mark-1523
service.args	s0	/bin/sleep	100000
done	mark-1524
service.args	s0	/bin/sleep	100000
done	mark-1525
service.args	s0	/bin/sleep	100000
done	mark-1526
service.args	s0	/bin/sleep	100000
done	mark-1527
service.args	s0	/bin/sleep	100000
done	mark-1528
service.args	s0	/bin/sleep	100000
done	mark-1529
service.args	s0	/bin/sleep	100000
done	mark-1530
service.args	s0	/bin/sleep	100000
done	mark-1531
service.args	s0	/bin/sleep	100000
done	mark-1532
service.args	s0	/bin/sleep	100000
done	mark-1533
service.args	s0	/bin/sleep	100000
done	mark-1534
service.args	s0	/bin/sleep	100000
done	mark-1535
service.args	s0	/bin/sleep	100000
done	mark-1536
service.args	s0	/bin/sleep	100000
done	mark-1537
service.args	s0	/bin/sleep	100000
done	mark-1538
service.args	s0	/bin/sleep	100000
done	mark-1539
service.args	s0	/bin/sleep	100000
done	mark-1540
service.args	s0	/bin/sleep	100000
done	mark-1541
service.args	s0	/bin/sleep	100000
done	mark-1542
service.args	s0	/bin/sleep	100000
done	mark-1543
service.args	s0	/bin/sleep	100000
done	mark-1544
service.args	s0	/bin/sleep	100000
done	mark-1545
service.args	s0	/bin/sleep	100000
done	mark-1546
service.args	s0	/bin/sleep	100000
done	mark-1547
service.args	s0	/bin/sleep	100000
done	mark-1548
service.args	s0	/bin/sleep	100000
done	mark-1549
service.args	s0	/bin/sleep	100000
done	mark-1550
service.args	s0	/bin/sleep	100000
done	mark-1551
service.args	s0	/bin/sleep	100000
done	mark-1552
service.args	s0	/bin/sleep	100000
done	mark-1553
service.args	s0	/bin/sleep	100000
done	mark-1554
service.args	s0	/bin/sleep	100000
done	mark-1555
service.args	s0	/bin/sleep	100000
done	mark-1556
service.args	s0	/bin/sleep	100000
done	mark-1557
service.args	s0	/bin/sleep	100000
done	mark-1558
service.args	s0	/bin/sleep	100000
done	mark-1559
service.args	s0	/bin/sleep	100000
done	mark-1560
service.args	s0	/bin/sleep	100000
done	mark-1561
service.args	s0	/bin/sleep	100000
done	mark-1562
service.args	s0	/bin/sleep	100000
done	mark-1563
service.args	s0	/bin/sleep	100000
done	mark-1564
service.args	s0	/bin/sleep	100000
done	mark-1565
service.args	s0	/bin/sleep	100000
done	mark-1566
service.args	s0	/bin/sleep	100000
done	mark-1567
service.args	s0	/bin/sleep	100000
done	mark-1568
service.args	s0	/bin/sleep	100000
done	mark-1569
service.args	s0	/bin/sleep	100000
done	mark-1570
service.args	s0	/bin/sleep	100000
done	mark-1571
service.args	s0	/bin/sleep	100000
done	mark-1572
service.args	s0	/bin/sleep	100000
done	mark-1573
service.args	s0	/bin/sleep	100000
done	mark-1574
service.args	s0	/bin/sleep	100000
done	mark-1575
service.args	s0	/bin/sleep	100000
done	mark-1576
service.args	s0	/bin/sleep	100000
done	mark-1577
service.args	s0	/bin/sleep	100000
done	mark-1578
service.args	s0	/bin/sleep	100000
done	mark-1579
service.args	s0	/bin/sleep	100000
done	mark-1580
service.args	s0	/bin/sleep	100000
done	mark-1581
service.args	s0	/bin/sleep	100000
done	mark-1582
service.args	s0	/bin/sleep	100000
done	mark-1583
service.args	s0	/bin/sleep	100000
done	mark-1584
service.args	s0	/bin/sleep	100000
done	mark-1585
service.args	s0	/bin/sleep	100000
done	mark-1586
service.args	s0	/bin/sleep	100000
done	mark-1587
service.args	s0	/bin/sleep	100000
done	mark-1588
service.args	s0	/bin/sleep	100000
done	mark-1589
service.args	s0	/bin/sleep	100000
done	mark-1590
service.args	s0	/bin/sleep	100000
done	mark-1591
service.args	s0	/bin/sleep	100000
done	mark-1592
service.args	s0	/bin/sleep	100000
done	mark-1593
service.args	s0	/bin/sleep	100000
done	mark-1594
service.args	s0	/bin/sleep	100000
done	mark-1595
service.args	s0	/bin/sleep	100000
done	mark-1596
service.args	s0	/bin/sleep	100000
done	mark-1597
service.args	s0	/bin/sleep	100000
done	mark-1598
service.args	s0	/bin/sleep	100000
done	mark-1599
service.args	s0	/bin/sleep	100000
done	mark-1600
service.args	s0	/bin/sleep	100000
done	mark-1601
service.args	s0	/bin/sleep	100000
done	mark-1602
service.args	s0	/bin/sleep	100000
done	mark-1603
service.args	s0	/bin/sleep	100000
done	mark-1604
service.args	s0	/bin/sleep	100000
done	mark-1605
service.args	s0	/bin/sleep	100000
done	mark-1606
service.args	s0	/bin/sleep	100000
done	mark-1607
service.args	s0	/bin/sleep	100000
done	mark-1608
service.args	s0	/bin/sleep	100000
done	mark-1609
service.args	s0	/bin/sleep	100000
done	mark-1610
service.args	s0	/bin/sleep	100000
done	mark-1611
service.args	s0	/bin/sleep	100000
done	mark-1612
service.args	s0	/bin/sleep	100000
done	mark-1613
service.args	s0	/bin/sleep	100000
done	mark-1614
service.args	s0	/bin/sleep	100000
done	mark-1615
service.args	s0	/bin/sleep	100000
done	mark-1616
service.args	s0	/bin/sleep	100000
done	mark-1617
service.args	s0	/bin/sleep	100000
done	mark-1618
service.args	s0	/bin/sleep	100000
done	mark-1619
service.args	s0	/bin/sleep	100000
done	mark-1620
service.args	s0	/bin/sleep	100000
done	mark-1621
service.args	s0	/bin/sleep	100000
done	mark-1622
service.args	s0	/bin/sleep	100000
done	mark-1623
service.args	s0	/bin/sleep	100000
done	mark-1624
service.args	s0	/bin/sleep	100000
done	mark-1625
service.args	s0	/bin/sleep	100000
done	mark-1626
service.args	s0	/bin/sleep	100000
done	mark-1627
service.args	s0	/bin/sleep	100000
done	mark-1628
service.args	s0	/bin/sleep	100000
done	mark-1629
service.args	s0	/bin/sleep	100000
done	mark-1630
service.args	s0	/bin/sleep	100000
done	mark-1631
service.args	s0	/bin/sleep	100000
done	mark-1632
service.args	s0	/bin/sleep	100000
done	mark-1633
service.args	s0	/bin/sleep	100000
done	mark-1634
service.args	s0	/bin/sleep	100000
done	mark-1635
service.args	s0	/bin/sleep	100000
done	mark-1636
service.args	s0	/bin/sleep	100000
done	mark-1637
service.args	s0	/bin/sleep	100000
done	mark-1638
service.args	s0	/bin/sleep	100000
done	mark-1639
service.args	s0	/bin/sleep	100000
done	mark-1640
service.args	s0	/bin/sleep	100000
done	mark-1641
service.args	s0	/bin/sleep	100000
done	mark-1642
service.args	s0	/bin/sleep	100000
done	mark-1643
service.args	s0	/bin/sleep	100000
done	mark-1644
service.args	s0	/bin/sleep	100000
done	mark-1645
service.args	s0	/bin/sleep	100000
done	mark-1646
service.args	s0	/bin/sleep	100000
done	mark-1647
service.args	s0	/bin/sleep	100000
done	mark-1648
service.args	s0	/bin/sleep	100000
done	mark-1649
service.args	s0	/bin/sleep	100000
done	mark-1650
service.args	s0	/bin/sleep	100000
done	mark-1651
service.args	s0	/bin/sleep	100000
done	mark-1652
service.args	s0	/bin/sleep	100000
done	mark-1653
service.args	s0	/bin/sleep	100000
done	mark-1654
service.args	s0	/bin/sleep	100000
done	mark-1655
service.args	s0	/bin/sleep	100000
done	mark-1656
service.args	s0	/bin/sleep	100000
done	mark-1657
service.args	s0	/bin/sleep	100000
done	mark-1658
service.args	s0	/bin/sleep	100000
done	mark-1659
service.args	s0	/bin/sleep	100000
done	mark-1660
service.args	s0	/bin/sleep	100000
done	mark-1661
service.args	s0	/bin/sleep	100000
done	mark-1662
service.args	s0	/bin/sleep	100000
done	mark-1663
service.args	s0	/bin/sleep	100000
done	mark-1664
service.args	s0	/bin/sleep	100000
done	mark-1665
service.args	s0	/bin/sleep	100000
done	mark-1666
service.args	s0	/bin/sleep	100000
done	mark-1667
service.args	s0	/bin/sleep	100000
done	mark-1668
service.args	s0	/bin/sleep	100000
done	mark-1669
service.args	s0	/bin/sleep	100000
done	mark-1670
service.args	s0	/bin/sleep	100000
done	mark-1671
service.args	s0	/bin/sleep	100000
done	mark-1672
service.args	s0	/bin/sleep	100000
done	mark-1673
service.args	s0	/bin/sleep	100000
done	mark-1674
service.args	s0	/bin/sleep	100000
done	mark-1675
service.args	s0	/bin/sleep	100000
done	mark-1676
service.args	s0	/bin/sleep	100000
done	mark-1677
service.args	s0	/bin/sleep	100000
done	mark-1678
service.args	s0	/bin/sleep	100000
done	mark-1679
service.args	s0	/bin/sleep	100000
done	mark-1680
service.args	s0	/bin/sleep	100000
done	mark-1681
service.args	s0	/bin/sleep	100000
done	mark-1682
service.args	s0	/bin/sleep	100000
done	mark-1683
service.args	s0	/bin/sleep	100000
done	mark-1684
service.args	s0	/bin/sleep	100000
done	mark-1685
service.args	s0	/bin/sleep	100000
done	mark-1686
service.args	s0	/bin/sleep	100000
done	mark-1687
service.args	s0	/bin/sleep	100000
done	mark-1688
service.args	s0	/bin/sleep	100000
done	mark-1689
service.args	s0	/bin/sleep	100000
done	mark-1690
service.args	s0	/bin/sleep	100000
done	mark-1691
service.args	s0	/bin/sleep	100000
done	mark-1692
service.args	s0	/bin/sleep	100000
done	mark-1693
service.args	s0	/bin/sleep	100000
done	mark-1694
service.args	s0	/bin/sleep	100000
done	mark-1695
service.args	s0	/bin/sleep	100000
done	mark-1696
service.args	s0	/bin/sleep	100000
done	mark-1697
service.args	s0	/bin/sleep	100000
done	mark-1698
service.args	s0	/bin/sleep	100000
done	mark-1699
service.args	s0	/bin/sleep	100000
done	mark-1700
service.args	s0	/bin/sleep	100000
done	mark-1701
service.args	s0	/bin/sleep	100000
done	mark-1702
service.args	s0	/bin/sleep	100000
done	mark-1703
service.args	s0	/bin/sleep	100000
done	mark-1704
service.args	s0	/bin/sleep	100000
done	mark-1705
service.args	s0	/bin/sleep	100000
done	mark-1706
service.args	s0	/bin/sleep	100000
done	mark-1707
service.args	s0	/bin/sleep	100000
done	mark-1708
service.args	s0	/bin/sleep	100000
done	mark-1709
service.args	s0	/bin/sleep	100000
done	mark-1710
service.args	s0	/bin/sleep	100000
done	mark-1711
service.args	s0	/bin/sleep	100000
done	mark-1712
service.args	s0	/bin/sleep	100000
done	mark-1713
service.args	s0	/bin/sleep	100000
done	mark-1714
service.args	s0	/bin/sleep	100000
done	mark-1715
service.args	s0	/bin/sleep	100000
done	mark-1716
service.args	s0	/bin/sleep	100000
done	mark-1717
service.args	s0	/bin/sleep	100000
done	mark-1718
service.args	s0	/bin/sleep	100000
done	mark-1719
service.args	s0	/bin/sleep	100000
done	mark-1720
service.args	s0	/bin/sleep	100000
done	mark-1721
service.args	s0	/bin/sleep	100000
done	mark-1722
service.args	s0	/bin/sleep	100000
done	mark-1723
service.args	s0	/bin/sleep	100000
done	mark-1724
service.args	s0	/bin/sleep	100000
done	mark-1725
service.args	s0	/bin/sleep	100000
done	mark-1726
service.args	s0	/bin/sleep	100000
done	mark-1727
service.args	s0	/bin/sleep	100000
done	mark-1728
service.args	s0	/bin/sleep	100000
done	mark-1729
service.args	s0	/bin/sleep	100000
done	mark-1730
service.args	s0	/bin/sleep	100000
done	mark-1731
service.args	s0	/bin/sleep	100000
done	mark-1732
service.args	s0	/bin/sleep	100000
done	mark-1733
service.args	s0	/bin/sleep	100000
done	mark-1734
service.args	s0	/bin/sleep	100000
done	mark-1735
service.args	s0	/bin/sleep	100000
done	mark-1736
service.args	s0	/bin/sleep	100000
done	mark-1737
service.args	s0	/bin/sleep	100000
done	mark-1738
service.args	s0	/bin/sleep	100000
done	mark-1739
service.args	s0	/bin/sleep	100000
done	mark-1740
service.args	s0	/bin/sleep	100000
done	mark-1741
service.args	s0	/bin/sleep	100000
done	mark-1742
service.args	s0	/bin/sleep	100000
done	mark-1743
service.args	s0	/bin/sleep	100000
done	mark-1744
service.args	s0	/bin/sleep	100000
done	mark-1745
service.args	s0	/bin/sleep	100000
done	mark-1746
service.args	s0	/bin/sleep	100000
done	mark-1747
service.args	s0	/bin/sleep	100000
done	mark-1748
service.args	s0	/bin/sleep	100000
done	mark-1749
service.args	s0	/bin/sleep	100000
done	mark-1750
service.args	s0	/bin/sleep	100000
done	mark-1751
service.args	s0	/bin/sleep	100000
done	mark-1752
service.args	s0	/bin/sleep	100000
done	mark-1753
service.args	s0	/bin/sleep	100000
done	mark-1754
service.args	s0	/bin/sleep	100000
done	mark-1755
service.args	s0	/bin/sleep	100000
done	mark-1756
service.args	s0	/bin/sleep	100000
done	mark-1757
service.args	s0	/bin/sleep	100000
done	mark-1758
service.args	s0	/bin/sleep	100000
done	mark-1759
service.args	s0	/bin/sleep	100000
done	mark-1760
service.args	s0	/bin/sleep	100000
done	mark-1761
service.args	s0	/bin/sleep	100000
done	mark-1762
service.args	s0	/bin/sleep	100000
done	mark-1763
service.args	s0	/bin/sleep	100000
done	mark-1764
service.args	s0	/bin/sleep	100000
done	mark-1765
service.args	s0	/bin/sleep	100000
done	mark-1766
service.args	s0	/bin/sleep	100000
done	mark-1767
service.args	s0	/bin/sleep	100000
done	mark-1768
service.args	s0	/bin/sleep	100000
done	mark-1769
service.args	s0	/bin/sleep	100000
done	mark-1770
service.args	s0	/bin/sleep	100000
done	mark-1771
service.args	s0	/bin/sleep	100000
done	mark-1772
service.args	s0	/bin/sleep	100000
done	mark-1773
service.args	s0	/bin/sleep	100000
done	mark-1774
service.args	s0	/bin/sleep	100000
done	mark-1775
service.args	s0	/bin/sleep	100000
done	mark-1776
service.args	s0	/bin/sleep	100000
done	mark-1777
service.args	s0	/bin/sleep	100000
done	mark-1778
service.args	s0	/bin/sleep	100000
done	mark-1779
service.args	s0	/bin/sleep	100000
done	mark-1780
service.args	s0	/bin/sleep	100000
done	mark-1781
service.args	s0	/bin/sleep	100000
done	mark-1782
service.args	s0	/bin/sleep	100000
done	mark-1783
service.args	s0	/bin/sleep	100000
done	mark-1784
service.args	s0	/bin/sleep	100000
done	mark-1785
service.args	s0	/bin/sleep	100000
done	mark-1786
service.args	s0	/bin/sleep	100000
done	mark-1787
service.args	s0	/bin/sleep	100000
done	mark-1788
service.args	s0	/bin/sleep	100000
done	mark-1789
service.args	s0	/bin/sleep	100000
done	mark-1790
service.args	s0	/bin/sleep	100000
done	mark-1791
service.args	s0	/bin/sleep	100000
done	mark-1792
service.args	s0	/bin/sleep	100000
done	mark-1793
service.args	s0	/bin/sleep	100000
done	mark-1794
service.args	s0	/bin/sleep	100000
done	mark-1795
service.args	s0	/bin/sleep	100000
done	mark-1796
service.args	s0	/bin/sleep	100000
done	mark-1797
service.args	s0	/bin/sleep	100000
done	mark-1798
service.args	s0	/bin/sleep	100000
done	mark-1799
service.args	s0	/bin/sleep	100000
done	mark-1800
service.args	s0	/bin/sleep	100000
done	mark-1801
service.args	s0	/bin/sleep	100000
done	mark-1802
service.args	s0	/bin/sleep	100000
done	mark-1803
service.args	s0	/bin/sleep	100000
done	mark-1804
service.args	s0	/bin/sleep	100000
done	mark-1805
service.args	s0	/bin/sleep	100000
done	mark-1806
service.args	s0	/bin/sleep	100000
done	mark-1807
service.args	s0	/bin/sleep	100000
done	mark-1808
service.args	s0	/bin/sleep	100000
done	mark-1809
service.args	s0	/bin/sleep	100000
done	mark-1810
service.args	s0	/bin/sleep	100000
done	mark-1811
service.args	s0	/bin/sleep	100000
done	mark-1812
service.args	s0	/bin/sleep	100000
done	mark-1813
service.args	s0	/bin/sleep	100000
done	mark-1814
service.args	s0	/bin/sleep	100000
done	mark-1815
service.args	s0	/bin/sleep	100000
done	mark-1816
service.args	s0	/bin/sleep	100000
done	mark-1817
service.args	s0	/bin/sleep	100000
done	mark-1818
service.args	s0	/bin/sleep	100000
done	mark-1819
service.args	s0	/bin/sleep	100000
done	mark-1820
service.args	s0	/bin/sleep	100000
done	mark-1821
service.args	s0	/bin/sleep	100000
done	mark-1822
service.args	s0	/bin/sleep	100000
done	mark-1823
service.args	s0	/bin/sleep	100000
done	mark-1824
service.args	s0	/bin/sleep	100000
done	mark-1825
service.args	s0	/bin/sleep	100000
done	mark-1826
service.args	s0	/bin/sleep	100000
done	mark-1827
service.args	s0	/bin/sleep	100000
done	mark-1828
service.args	s0	/bin/sleep	100000
done	mark-1829
service.args	s0	/bin/sleep	100000
done	mark-1830
service.args	s0	/bin/sleep	100000
done	mark-1831
service.args	s0	/bin/sleep	100000
done	mark-1832
service.args	s0	/bin/sleep	100000
done	mark-1833
service.args	s0	/bin/sleep	100000
done	mark-1834
service.args	s0	/bin/sleep	100000
done	mark-1835
service.args	s0	/bin/sleep	100000
done	mark-1836
service.args	s0	/bin/sleep	100000
done	mark-1837
service.args	s0	/bin/sleep	100000
done	mark-1838
service.args	s0	/bin/sleep	100000
done	mark-1839
service.args	s0	/bin/sleep	100000
done	mark-1840
service.args	s0	/bin/sleep	100000
done	mark-1841
service.args	s0	/bin/sleep	100000
done	mark-1842
service.args	s0	/bin/sleep	100000
done	mark-1843
service.args	s0	/bin/sleep	100000
done	mark-1844
service.args	s0	/bin/sleep	100000
done	mark-1845
service.args	s0	/bin/sleep	100000
done	mark-1846
service.args	s0	/bin/sleep	100000
done	mark-1847
service.args	s0	/bin/sleep	100000
done	mark-1848
service.args	s0	/bin/sleep	100000
done	mark-1849
service.args	s0	/bin/sleep	100000
done	mark-1850
service.args	s0	/bin/sleep	100000
done	mark-1851
service.args	s0	/bin/sleep	100000
done	mark-1852
service.args	s0	/bin/sleep	100000
done	mark-1853
service.args	s0	/bin/sleep	100000
done	mark-1854
service.args	s0	/bin/sleep	100000
done	mark-1855
service.args	s0	/bin/sleep	100000
done	mark-1856
service.args	s0	/bin/sleep	100000
done	mark-1857
service.args	s0	/bin/sleep	100000
done	mark-1858
service.args	s0	/bin/sleep	100000
done	mark-1859
service.args	s0	/bin/sleep	100000
done	mark-1860
service.args	s0	/bin/sleep	100000
done	mark-1861
service.args	s0	/bin/sleep	100000
done	mark-1862
service.args	s0	/bin/sleep	100000
done	mark-1863
service.args	s0	/bin/sleep	100000
done	mark-1864
service.args	s0	/bin/sleep	100000
done	mark-1865
service.args	s0	/bin/sleep	100000
done	mark-1866
service.args	s0	/bin/sleep	100000
done	mark-1867
service.args	s0	/bin/sleep	100000
done	mark-1868
service.args	s0	/bin/sleep	100000
done	mark-1869
service.args	s0	/bin/sleep	100000
done	mark-1870
service.args	s0	/bin/sleep	100000
done	mark-1871
service.args	s0	/bin/sleep	100000
done	mark-1872
service.args	s0	/bin/sleep	100000
done	mark-1873
service.args	s0	/bin/sleep	100000
done	mark-1874
service.args	s0	/bin/sleep	100000
done	mark-1875
service.args	s0	/bin/sleep	100000
done	mark-1876
service.args	s0	/bin/sleep	100000
done	mark-1877
service.args	s0	/bin/sleep	100000
done	mark-1878
service.args	s0	/bin/sleep	100000
done	mark-1879
service.args	s0	/bin/sleep	100000
done	mark-1880
service.args	s0	/bin/sleep	100000
done	mark-1881
service.args	s0	/bin/sleep	100000
done	mark-1882
service.args	s0	/bin/sleep	100000
done	mark-1883
service.args	s0	/bin/sleep	100000
done	mark-1884
service.args	s0	/bin/sleep	100000
done	mark-1885
service.args	s0	/bin/sleep	100000
done	mark-1886
service.args	s0	/bin/sleep	100000
done	mark-1887
service.args	s0	/bin/sleep	100000
done	mark-1888
service.args	s0	/bin/sleep	100000
done	mark-1889
service.args	s0	/bin/sleep	100000
done	mark-1890
service.args	s0	/bin/sleep	100000
done	mark-1891
service.args	s0	/bin/sleep	100000
done	mark-1892
service.args	s0	/bin/sleep	100000
done	mark-1893
service.args	s0	/bin/sleep	100000
done	mark-1894
service.args	s0	/bin/sleep	100000
done	mark-1895
service.args	s0	/bin/sleep	100000
done	mark-1896
service.args	s0	/bin/sleep	100000
done	mark-1897
service.args	s0	/bin/sleep	100000
done	mark-1898
service.args	s0	/bin/sleep	100000
done	mark-1899
service.args	s0	/bin/sleep	100000
done	mark-1900
service.args	s0	/bin/sleep	100000
done	mark-1901
service.args	s0	/bin/sleep	100000
done	mark-1902
service.args	s0	/bin/sleep	100000
done	mark-1903
service.args	s0	/bin/sleep	100000
done	mark-1904
service.args	s0	/bin/sleep	100000
done	mark-1905
service.args	s0	/bin/sleep	100000
done	mark-1906
service.args	s0	/bin/sleep	100000
done	mark-1907
service.args	s0	/bin/sleep	100000
done	mark-1908
service.args	s0	/bin/sleep	100000
done	mark-1909
service.args	s0	/bin/sleep	100000
done	mark-1910
service.args	s0	/bin/sleep	100000
done	mark-1911
service.args	s0	/bin/sleep	100000
done	mark-1912
service.args	s0	/bin/sleep	100000
done	mark-1913
service.args	s0	/bin/sleep	100000
done	mark-1914
service.args	s0	/bin/sleep	100000
done	mark-1915
service.args	s0	/bin/sleep	100000
done	mark-1916
service.args	s0	/bin/sleep	100000
done	mark-1917
service.args	s0	/bin/sleep	100000
done	mark-1918
service.args	s0	/bin/sleep	100000
done	mark-1919
service.args	s0	/bin/sleep	100000
done	mark-1920
service.args	s0	/bin/sleep	100000
done	mark-1921
service.args	s0	/bin/sleep	100000
done	mark-1922
service.args	s0	/bin/sleep	100000
done	mark-1923
service.args	s0	/bin/sleep	100000
done	mark-1924
service.args	s0	/bin/sleep	100000
done	mark-1925
service.args	s0	/bin/sleep	100000
done	mark-1926
service.args	s0	/bin/sleep	100000
done	mark-1927
service.args	s0	/bin/sleep	100000
done	mark-1928
service.args	s0	/bin/sleep	100000
done	mark-1929
service.args	s0	/bin/sleep	100000
done	mark-1930
service.args	s0	/bin/sleep	100000
done	mark-1931
service.args	s0	/bin/sleep	100000
done	mark-1932
service.args	s0	/bin/sleep	100000
done	mark-1933
service.args	s0	/bin/sleep	100000
done	mark-1934
service.args	s0	/bin/sleep	100000
done	mark-1935
service.args	s0	/bin/sleep	100000
done	mark-1936
service.args	s0	/bin/sleep	100000
done	mark-1937
service.args	s0	/bin/sleep	100000
done	mark-1938
service.args	s0	/bin/sleep	100000
done	mark-1939
service.args	s0	/bin/sleep	100000
done	mark-1940
service.args	s0	/bin/sleep	100000
done	mark-1941
service.args	s0	/bin/sleep	100000
done	mark-1942
service.args	s0	/bin/sleep	100000
done	mark-1943
service.args	s0	/bin/sleep	100000
done	mark-1944
service.args	s0	/bin/sleep	100000
done	mark-1945
service.args	s0	/bin/sleep	100000
done	mark-1946
service.args	s0	/bin/sleep	100000
done	mark-1947
service.args	s0	/bin/sleep	100000
done	mark-1948
service.args	s0	/bin/sleep	100000
done	mark-1949
service.args	s0	/bin/sleep	100000
done	mark-1950
service.args	s0	/bin/sleep	100000
done	mark-1951
service.args	s0	/bin/sleep	100000
done	mark-1952
service.args	s0	/bin/sleep	100000
done	mark-1953
service.args	s0	/bin/sleep	100000
done	mark-1954
service.args	s0	/bin/sleep	100000
done	mark-1955
service.args	s0	/bin/sleep	100000
done	mark-1956
service.args	s0	/bin/sleep	100000
done	mark-1957
service.args	s0	/bin/sleep	100000
done	mark-1958
service.args	s0	/bin/sleep	100000
done	mark-1959
service.args	s0	/bin/sleep	100000
done	mark-1960
service.args	s0	/bin/sleep	100000
done	mark-1961
service.args	s0	/bin/sleep	100000
done	mark-1962
service.args	s0	/bin/sleep	100000
done	mark-1963
service.args	s0	/bin/sleep	100000
done	mark-1964
service.args	s0	/bin/sleep	100000
done	mark-1965
service.args	s0	/bin/sleep	100000
done	mark-1966
service.args	s0	/bin/sleep	100000
done	mark-1967
service.args	s0	/bin/sleep	100000
done	mark-1968
service.args	s0	/bin/sleep	100000
done	mark-1969
service.args	s0	/bin/sleep	100000
done	mark-1970
service.args	s0	/bin/sleep	100000
done	mark-1971
service.args	s0	/bin/sleep	100000
done	mark-1972
service.args	s0	/bin/sleep	100000
done	mark-1973
service.args	s0	/bin/sleep	100000
done	mark-1974
service.args	s0	/bin/sleep	100000
done	mark-1975
service.args	s0	/bin/sleep	100000
done	mark-1976
service.args	s0	/bin/sleep	100000
done	mark-1977
service.args	s0	/bin/sleep	100000
done	mark-1978
service.args	s0	/bin/sleep	100000
done	mark-1979
service.args	s0	/bin/sleep	100000
done	mark-1980
service.args	s0	/bin/sleep	100000
done	mark-1981
service.args	s0	/bin/sleep	100000
done	mark-1982
service.args	s0	/bin/sleep	100000
done	mark-1983
service.args	s0	/bin/sleep	100000
done	mark-1984
service.args	s0	/bin/sleep	100000
done	mark-1985
service.args	s0	/bin/sleep	100000
done	mark-1986
service.args	s0	/bin/sleep	100000
done	mark-1987
service.args	s0	/bin/sleep	100000
done	mark-1988
service.args	s0	/bin/sleep	100000
done	mark-1989
service.args	s0	/bin/sleep	100000
done	mark-1990
service.args	s0	/bin/sleep	100000
done	mark-1991
service.args	s0	/bin/sleep	100000
done	mark-1992
service.args	s0	/bin/sleep	100000
done	mark-1993
service.args	s0	/bin/sleep	100000
done	mark-1994
service.args	s0	/bin/sleep	100000
done	mark-1995
service.args	s0	/bin/sleep	100000
done	mark-1996
service.args	s0	/bin/sleep	100000
done	mark-1997
service.args	s0	/bin/sleep	100000
done	mark-1998
service.args	s0	/bin/sleep	100000
done	mark-1999
service.args	s0	/bin/sleep	100000
done	mark-1000
service.args	s0	/bin/sleep	100000
done	mark-1001
service.args	s0	/bin/sleep	100000
done	mark-1002
service.args	s0	/bin/sleep	100000
done	mark-1003
service.args	s0	/bin/sleep	100000
done	mark-1004
service.args	s0	/bin/sleep	100000
done	mark-1005
service.args	s0	/bin/sleep	100000
done	mark-1006
service.args	s0	/bin/sleep	100000
done	mark-1007
service.args	s0	/bin/sleep	100000
done	mark-1008
service.args	s0	/bin/sleep	100000
done	mark-1009
service.args	s0	/bin/sleep	100000
done	mark-1010
service.args	s0	/bin/sleep	100000
done	mark-1011
service.args	s0	/bin/sleep	100000
done	mark-1012
service.args	s0	/bin/sleep	100000
done	mark-1013
service.args	s0	/bin/sleep	100000
done	mark-1014
service.args	s0	/bin/sleep	100000
done	mark-1015
service.args	s0	/bin/sleep	100000
done	mark-1016
service.args	s0	/bin/sleep	100000
done	mark-1017
service.args	s0	/bin/sleep	100000
done	mark-1018
service.args	s0	/bin/sleep	100000
done	mark-1019
service.args	s0	/bin/sleep	100000
done	mark-1020
service.args	s0	/bin/sleep	100000
done	mark-1021
service.args	s0	/bin/sleep	100000
done	mark-1022
service.args	s0	/bin/sleep	100000
done	mark-1023
service.args	s0	/bin/sleep	100000
done	mark-1024
service.args	s0	/bin/sleep	100000
done	mark-1025
service.args	s0	/bin/sleep	100000
done	mark-1026
service.args	s0	/bin/sleep	100000
done	mark-1027
service.args	s0	/bin/sleep	100000
done	mark-1028
service.args	s0	/bin/sleep	100000
done	mark-1029
service.args	s0	/bin/sleep	100000
done	mark-1030
service.args	s0	/bin/sleep	100000
done	mark-1031
service.args	s0	/bin/sleep	100000
done	mark-1032
service.args	s0	/bin/sleep	100000
done	mark-1033
service.args	s0	/bin/sleep	100000
done	mark-1034
service.args	s0	/bin/sleep	100000
done	mark-1035
service.args	s0	/bin/sleep	100000
done	mark-1036
service.args	s0	/bin/sleep	100000
done	mark-1037
service.args	s0	/bin/sleep	100000
done	mark-1038
service.args	s0	/bin/sleep	100000
done	mark-1039
service.args	s0	/bin/sleep	100000
done	mark-1040
service.args	s0	/bin/sleep	100000
done	mark-1041
service.args	s0	/bin/sleep	100000
done	mark-1042
service.args	s0	/bin/sleep	100000
done	mark-1043
service.args	s0	/bin/sleep	100000
done	mark-1044
service.args	s0	/bin/sleep	100000
done	mark-1045
service.args	s0	/bin/sleep	100000
done	mark-1046
service.args	s0	/bin/sleep	100000
done	mark-1047
service.args	s0	/bin/sleep	100000
done	mark-1048
service.args	s0	/bin/sleep	100000
done	mark-1049
service.args	s0	/bin/sleep	100000
done	mark-1050
service.args	s0	/bin/sleep	100000
done	mark-1051
service.args	s0	/bin/sleep	100000
done	mark-1052
service.args	s0	/bin/sleep	100000
done	mark-1053
service.args	s0	/bin/sleep	100000
done	mark-1054
service.args	s0	/bin/sleep	100000
done	mark-1055
service.args	s0	/bin/sleep	100000
done	mark-1056
service.args	s0	/bin/sleep	100000
done	mark-1057
service.args	s0	/bin/sleep	100000
done	mark-1058
service.args	s0	/bin/sleep	100000
done	mark-1059
service.args	s0	/bin/sleep	100000
done	mark-1060
service.args	s0	/bin/sleep	100000
done	mark-1061
service.args	s0	/bin/sleep	100000
done	mark-1062
service.args	s0	/bin/sleep	100000
done	mark-1063
service.args	s0	/bin/sleep	100000
done	mark-1064
service.args	s0	/bin/sleep	100000
done	mark-1065
service.args	s0	/bin/sleep	100000
done	mark-1066
service.args	s0	/bin/sleep	100000
done	mark-1067
service.args	s0	/bin/sleep	100000
done	mark-1068
service.args	s0	/bin/sleep	100000
done	mark-1069
service.args	s0	/bin/sleep	100000
done	mark-1070
service.args	s0	/bin/sleep	100000
done	mark-1071
service.args	s0	/bin/sleep	100000
done	mark-1072
service.args	s0	/bin/sleep	100000
done	mark-1073
service.args	s0	/bin/sleep	100000
done	mark-1074
service.args	s0	/bin/sleep	100000
done	mark-1075
service.args	s0	/bin/sleep	100000
done	mark-1076
service.args	s0	/bin/sleep	100000
done	mark-1077
service.args	s0	/bin/sleep	100000
done	mark-1078
service.args	s0	/bin/sleep	100000
done	mark-1079
service.args	s0	/bin/sleep	100000
done	mark-1080
service.args	s0	/bin/sleep	100000
done	mark-1081
service.args	s0	/bin/sleep	100000
done	mark-1082
service.args	s0	/bin/sleep	100000
done	mark-1083
service.args	s0	/bin/sleep	100000
done	mark-1084
service.args	s0	/bin/sleep	100000
done	mark-1085
service.args	s0	/bin/sleep	100000
done	mark-1086
service.args	s0	/bin/sleep	100000
done	mark-1087
service.args	s0	/bin/sleep	100000
done	mark-1088
service.args	s0	/bin/sleep	100000
done	mark-1089
service.args	s0	/bin/sleep	100000
done	mark-1090
service.args	s0	/bin/sleep	100000
done	mark-1091
service.args	s0	/bin/sleep	100000
done	mark-1092
service.args	s0	/bin/sleep	100000
done	mark-1093
service.args	s0	/bin/sleep	100000
done	mark-1094
service.args	s0	/bin/sleep	100000
done	mark-1095
service.args	s0	/bin/sleep	100000
done	mark-1096
service.args	s0	/bin/sleep	100000
done	mark-1097
service.args	s0	/bin/sleep	100000
done	mark-1098
service.args	s0	/bin/sleep	100000
done	mark-1099
service.args	s0	/bin/sleep	100000
done	mark-1100
service.args	s0	/bin/sleep	100000
done	mark-1101
service.args	s0	/bin/sleep	100000
done	mark-1102
service.args	s0	/bin/sleep	100000
done	mark-1103
service.args	s0	/bin/sleep	100000
done	mark-1104
service.args	s0	/bin/sleep	100000
done	mark-1105
service.args	s0	/bin/sleep	100000
done	mark-1106
service.args	s0	/bin/sleep	100000
done	mark-1107
service.args	s0	/bin/sleep	100000
done	mark-1108
service.args	s0	/bin/sleep	100000
done	mark-1109
service.args	s0	/bin/sleep	100000
done	mark-1110
service.args	s0	/bin/sleep	100000
done	mark-1111
service.args	s0	/bin/sleep	100000
done	mark-1112
service.args	s0	/bin/sleep	100000
done	mark-1113
service.args	s0	/bin/sleep	100000
done	mark-1114
service.args	s0	/bin/sleep	100000
done	mark-1115
service.args	s0	/bin/sleep	100000
done	mark-1116
service.args	s0	/bin/sleep	100000
done	mark-1117
service.args	s0	/bin/sleep	100000
done	mark-1118
service.args	s0	/bin/sleep	100000
done	mark-1119
service.args	s0	/bin/sleep	100000
done	mark-1120
service.args	s0	/bin/sleep	100000
done	mark-1121
service.args	s0	/bin/sleep	100000
done	mark-1122
service.args	s0	/bin/sleep	100000
done	mark-1123
service.args	s0	/bin/sleep	100000
done	mark-1124
service.args	s0	/bin/sleep	100000
done	mark-1125
service.args	s0	/bin/sleep	100000
done	mark-1126
service.args	s0	/bin/sleep	100000
done	mark-1127
service.args	s0	/bin/sleep	100000
done	mark-1128
service.args	s0	/bin/sleep	100000
done	mark-1129
service.args	s0	/bin/sleep	100000
done	mark-1130
service.args	s0	/bin/sleep	100000
done	mark-1131
service.args	s0	/bin/sleep	100000
done	mark-1132
service.args	s0	/bin/sleep	100000
done	mark-1133
service.args	s0	/bin/sleep	100000
done	mark-1134
service.args	s0	/bin/sleep	100000
done	mark-1135
service.args	s0	/bin/sleep	100000
done	mark-1136
service.args	s0	/bin/sleep	100000
done	mark-1137
service.args	s0	/bin/sleep	100000
done	mark-1138
service.args	s0	/bin/sleep	100000
done	mark-1139
service.args	s0	/bin/sleep	100000
done	mark-1140
service.args	s0	/bin/sleep	100000
done	mark-1141
service.args	s0	/bin/sleep	100000
done	mark-1142
service.args	s0	/bin/sleep	100000
done	mark-1143
service.args	s0	/bin/sleep	100000
done	mark-1144
service.args	s0	/bin/sleep	100000
done	mark-1145
service.args	s0	/bin/sleep	100000
done	mark-1146
service.args	s0	/bin/sleep	100000
done	mark-1147
service.args	s0	/bin/sleep	100000
done	mark-1148
service.args	s0	/bin/sleep	100000
done	mark-1149
service.args	s0	/bin/sleep	100000
done	mark-1150
service.args	s0	/bin/sleep	100000
done	mark-1151
service.args	s0	/bin/sleep	100000
done	mark-1152
service.args	s0	/bin/sleep	100000
done	mark-1153
service.args	s0	/bin/sleep	100000
done	mark-1154
service.args	s0	/bin/sleep	100000
done	mark-1155
service.args	s0	/bin/sleep	100000
done	mark-1156
service.args	s0	/bin/sleep	100000
done	mark-1157
service.args	s0	/bin/sleep	100000
done	mark-1158
service.args	s0	/bin/sleep	100000
done	mark-1159
service.args	s0	/bin/sleep	100000
done	mark-1160
service.args	s0	/bin/sleep	100000
done	mark-1161
service.args	s0	/bin/sleep	100000
done	mark-1162
service.args	s0	/bin/sleep	100000
done	mark-1163
service.args	s0	/bin/sleep	100000
done	mark-1164
service.args	s0	/bin/sleep	100000
done	mark-1165
service.args	s0	/bin/sleep	100000
done	mark-1166
service.args	s0	/bin/sleep	100000
done	mark-1167
service.args	s0	/bin/sleep	100000
done	mark-1168
service.args	s0	/bin/sleep	100000
done	mark-1169
service.args	s0	/bin/sleep	100000
done	mark-1170
service.args	s0	/bin/sleep	100000
done	mark-1171
service.args	s0	/bin/sleep	100000
done	mark-1172
service.args	s0	/bin/sleep	100000
done	mark-1173
service.args	s0	/bin/sleep	100000
done	mark-1174
service.args	s0	/bin/sleep	100000
done	mark-1175
service.args	s0	/bin/sleep	100000
done	mark-1176
service.args	s0	/bin/sleep	100000
done	mark-1177
service.args	s0	/bin/sleep	100000
done	mark-1178
service.args	s0	/bin/sleep	100000
done	mark-1179
service.args	s0	/bin/sleep	100000
done	mark-1180
service.args	s0	/bin/sleep	100000
done	mark-1181
service.args	s0	/bin/sleep	100000
done	mark-1182
service.args	s0	/bin/sleep	100000
done	mark-1183
service.args	s0	/bin/sleep	100000
done	mark-1184
service.args	s0	/bin/sleep	100000
done	mark-1185
service.args	s0	/bin/sleep	100000
done	mark-1186
service.args	s0	/bin/sleep	100000
done	mark-1187
service.args	s0	/bin/sleep	100000
done	mark-1188
service.args	s0	/bin/sleep	100000
done	mark-1189
service.args	s0	/bin/sleep	100000
done	mark-1190
service.args	s0	/bin/sleep	100000
done	mark-1191
service.args	s0	/bin/sleep	100000
done	mark-1192
service.args	s0	/bin/sleep	100000
done	mark-1193
service.args	s0	/bin/sleep	100000
done	mark-1194
service.args	s0	/bin/sleep	100000
done	mark-1195
service.args	s0	/bin/sleep	100000
done	mark-1196
service.args	s0	/bin/sleep	100000
done	mark-1197
service.args	s0	/bin/sleep	100000
done	mark-1198
service.args	s0	/bin/sleep	100000
done	mark-1199
service.args	s0	/bin/sleep	100000
done	mark-1200
service.args	s0	/bin/sleep	100000
done	mark-1201
service.args	s0	/bin/sleep	100000
done	mark-1202
service.args	s0	/bin/sleep	100000
done	mark-1203
service.args	s0	/bin/sleep	100000
done	mark-1204
service.args	s0	/bin/sleep	100000
done	mark-1205
service.args	s0	/bin/sleep	100000
done	mark-1206
service.args	s0	/bin/sleep	100000
done	mark-1207
service.args	s0	/bin/sleep	100000
done	mark-1208
service.args	s0	/bin/sleep	100000
done	mark-1209
service.args	s0	/bin/sleep	100000
done	mark-1210
service.args	s0	/bin/sleep	100000
done	mark-1211
service.args	s0	/bin/sleep	100000
done	mark-1212
service.args	s0	/bin/sleep	100000
done	mark-1213
service.args	s0	/bin/sleep	100000
done	mark-1214
service.args	s0	/bin/sleep	100000
done	mark-1215
service.args	s0	/bin/sleep	100000
done	mark-1216
service.args	s0	/bin/sleep	100000
done	mark-1217
service.args	s0	/bin/sleep	100000
done	mark-1218
service.args	s0	/bin/sleep	100000
done	mark-1219
service.args	s0	/bin/sleep	100000
done	mark-1220
service.args	s0	/bin/sleep	100000
done	mark-1221
service.args	s0	/bin/sleep	100000
done	mark-1222
service.args	s0	/bin/sleep	100000
done	mark-1223
service.args	s0	/bin/sleep	100000
done	mark-1224
service.args	s0	/bin/sleep	100000
done	mark-1225
service.args	s0	/bin/sleep	100000
done	mark-1226
service.args	s0	/bin/sleep	100000
done	mark-1227
service.args	s0	/bin/sleep	100000
done	mark-1228
service.args	s0	/bin/sleep	100000
done	mark-1229
service.args	s0	/bin/sleep	100000
done	mark-1230
service.args	s0	/bin/sleep	100000
done	mark-1231
service.args	s0	/bin/sleep	100000
done	mark-1232
service.args	s0	/bin/sleep	100000
done	mark-1233
service.args	s0	/bin/sleep	100000
done	mark-1234
service.args	s0	/bin/sleep	100000
done	mark-1235
service.args	s0	/bin/sleep	100000
done	mark-1236
service.args	s0	/bin/sleep	100000
done	mark-1237
service.args	s0	/bin/sleep	100000
done	mark-1238
service.args	s0	/bin/sleep	100000
done	mark-1239
service.args	s0	/bin/sleep	100000
done	mark-1240
service.args	s0	/bin/sleep	100000
done	mark-1241
service.args	s0	/bin/sleep	100000
done	mark-1242
service.args	s0	/bin/sleep	100000
done	mark-1243
service.args	s0	/bin/sleep	100000
done	mark-1244
service.args	s0	/bin/sleep	100000
done	mark-1245
service.args	s0	/bin/sleep	100000
done	mark-1246
service.args	s0	/bin/sleep	100000
done	mark-1247
service.args	s0	/bin/sleep	100000
done	mark-1248
service.args	s0	/bin/sleep	100000
done	mark-1249
service.args	s0	/bin/sleep	100000
done	mark-1250
service.args	s0	/bin/sleep	100000
done	mark-1251
service.args	s0	/bin/sleep	100000
done	mark-1252
service.args	s0	/bin/sleep	100000
done	mark-1253
service.args	s0	/bin/sleep	100000
done	mark-1254
service.args	s0	/bin/sleep	100000
done	mark-1255
service.args	s0	/bin/sleep	100000
done	mark-1256
service.args	s0	/bin/sleep	100000
done	mark-1257
service.args	s0	/bin/sleep	100000
done	mark-1258
service.args	s0	/bin/sleep	100000
done	mark-1259
service.args	s0	/bin/sleep	100000
done	mark-1260
service.args	s0	/bin/sleep	100000
done	mark-1261
service.args	s0	/bin/sleep	100000
done	mark-1262
service.args	s0	/bin/sleep	100000
done	mark-1263
service.args	s0	/bin/sleep	100000
done	mark-1264
service.args	s0	/bin/sleep	100000
done	mark-1265
service.args	s0	/bin/sleep	100000
done	mark-1266
service.args	s0	/bin/sleep	100000
done	mark-1267
service.args	s0	/bin/sleep	100000
done	mark-1268
service.args	s0	/bin/sleep	100000
done	mark-1269
service.args	s0	/bin/sleep	100000
done	mark-1270
service.args	s0	/bin/sleep	100000
done	mark-1271
service.args	s0	/bin/sleep	100000
done	mark-1272
service.args	s0	/bin/sleep	100000
done	mark-1273
service.args	s0	/bin/sleep	100000
done	mark-1274
service.args	s0	/bin/sleep	100000
done	mark-1275
service.args	s0	/bin/sleep	100000
done	mark-1276
service.args	s0	/bin/sleep	100000
done	mark-1277
service.args	s0	/bin/sleep	100000
done	mark-1278
service.args	s0	/bin/sleep	100000
done	mark-1279
service.args	s0	/bin/sleep	100000
done	mark-1280
service.args	s0	/bin/sleep	100000
done	mark-1281
service.args	s0	/bin/sleep	100000
done	mark-1282
service.args	s0	/bin/sleep	100000
done	mark-1283
service.args	s0	/bin/sleep	100000
done	mark-1284
service.args	s0	/bin/sleep	100000
done	mark-1285
service.args	s0	/bin/sleep	100000
done	mark-1286
service.args	s0	/bin/sleep	100000
done	mark-1287
service.args	s0	/bin/sleep	100000
done	mark-1288
service.args	s0	/bin/sleep	100000
done	mark-1289
service.args	s0	/bin/sleep	100000
done	mark-1290
service.args	s0	/bin/sleep	100000
done	mark-1291
service.args	s0	/bin/sleep	100000
done	mark-1292
service.args	s0	/bin/sleep	100000
done	mark-1293
service.args	s0	/bin/sleep	100000
done	mark-1294
service.args	s0	/bin/sleep	100000
done	mark-1295
service.args	s0	/bin/sleep	100000
done	mark-1296
service.args	s0	/bin/sleep	100000
done	mark-1297
service.args	s0	/bin/sleep	100000
done	mark-1298
service.args	s0	/bin/sleep	100000
done	mark-1299
service.args	s0	/bin/sleep	100000
done	mark-1300
service.args	s0	/bin/sleep	100000
done	mark-1301
service.args	s0	/bin/sleep	100000
done	mark-1302
service.args	s0	/bin/sleep	100000
done	mark-1303
service.args	s0	/bin/sleep	100000
done	mark-1304
service.args	s0	/bin/sleep	100000
done	mark-1305
service.args	s0	/bin/sleep	100000
done	mark-1306
service.args	s0	/bin/sleep	100000
done	mark-1307
service.args	s0	/bin/sleep	100000
done	mark-1308
service.args	s0	/bin/sleep	100000
done	mark-1309
service.args	s0	/bin/sleep	100000
done	mark-1310
service.args	s0	/bin/sleep	100000
done	mark-1311
service.args	s0	/bin/sleep	100000
done	mark-1312
service.args	s0	/bin/sleep	100000
done	mark-1313
service.args	s0	/bin/sleep	100000
done	mark-1314
service.args	s0	/bin/sleep	100000
done	mark-1315
service.args	s0	/bin/sleep	100000
done	mark-1316
service.args	s0	/bin/sleep	100000
done	mark-1317
service.args	s0	/bin/sleep	100000
done	mark-1318
service.args	s0	/bin/sleep	100000
done	mark-1319
service.args	s0	/bin/sleep	100000
done	mark-1320
service.args	s0	/bin/sleep	100000
done	mark-1321
service.args	s0	/bin/sleep	100000
done	mark-1322
service.args	s0	/bin/sleep	100000
done	mark-1323
service.args	s0	/bin/sleep	100000
done	mark-1324
service.args	s0	/bin/sleep	100000
done	mark-1325
service.args	s0	/bin/sleep	100000
done	mark-1326
service.args	s0	/bin/sleep	100000
done	mark-1327
service.args	s0	/bin/sleep	100000
done	mark-1328
service.args	s0	/bin/sleep	100000
done	mark-1329
service.args	s0	/bin/sleep	100000
done	mark-1330
service.args	s0	/bin/sleep	100000
done	mark-1331
service.args	s0	/bin/sleep	100000
done	mark-1332
service.args	s0	/bin/sleep	100000
done	mark-1333
service.args	s0	/bin/sleep	100000
done	mark-1334
service.args	s0	/bin/sleep	100000
done	mark-1335
service.args	s0	/bin/sleep	100000
done	mark-1336
service.args	s0	/bin/sleep	100000
done	mark-1337
service.args	s0	/bin/sleep	100000
done	mark-1338
service.args	s0	/bin/sleep	100000
done	mark-1339
service.args	s0	/bin/sleep	100000
done	mark-1340
service.args	s0	/bin/sleep	100000
done	mark-1341
service.args	s0	/bin/sleep	100000
done	mark-1342
service.args	s0	/bin/sleep	100000
done	mark-1343
service.args	s0	/bin/sleep	100000
done	mark-1344
service.args	s0	/bin/sleep	100000
done	mark-1345
service.args	s0	/bin/sleep	100000
done	mark-1346
service.args	s0	/bin/sleep	100000
done	mark-1347
service.args	s0	/bin/sleep	100000
done	mark-1348
service.args	s0	/bin/sleep	100000
done	mark-1349
service.args	s0	/bin/sleep	100000
done	mark-1350
service.args	s0	/bin/sleep	100000
done	mark-1351
service.args	s0	/bin/sleep	100000
done	mark-1352
service.args	s0	/bin/sleep	100000
done	mark-1353
service.args	s0	/bin/sleep	100000
done	mark-1354
service.args	s0	/bin/sleep	100000
done	mark-1355
service.args	s0	/bin/sleep	100000
done	mark-1356
service.args	s0	/bin/sleep	100000
done	mark-1357
service.args	s0	/bin/sleep	100000
done	mark-1358
service.args	s0	/bin/sleep	100000
done	mark-1359
service.args	s0	/bin/sleep	100000
done	mark-1360
service.args	s0	/bin/sleep	100000
done	mark-1361
service.args	s0	/bin/sleep	100000
done	mark-1362
service.args	s0	/bin/sleep	100000
done	mark-1363
service.args	s0	/bin/sleep	100000
done	mark-1364
service.args	s0	/bin/sleep	100000
done	mark-1365
service.args	s0	/bin/sleep	100000
done	mark-1366
service.args	s0	/bin/sleep	100000
done	mark-1367
service.args	s0	/bin/sleep	100000
done	mark-1368
service.args	s0	/bin/sleep	100000
done	mark-1369
service.args	s0	/bin/sleep	100000
done	mark-1370
service.args	s0	/bin/sleep	100000
done	mark-1371
service.args	s0	/bin/sleep	100000
done	mark-1372
service.args	s0	/bin/sleep	100000
done	mark-1373
service.args	s0	/bin/sleep	100000
done	mark-1374
service.args	s0	/bin/sleep	100000
done	mark-1375
service.args	s0	/bin/sleep	100000
done	mark-1376
service.args	s0	/bin/sleep	100000
done	mark-1377
service.args	s0	/bin/sleep	100000
done	mark-1378
service.args	s0	/bin/sleep	100000
done	mark-1379
service.args	s0	/bin/sleep	100000
done	mark-1380
service.args	s0	/bin/sleep	100000
done	mark-1381
service.args	s0	/bin/sleep	100000
done	mark-1382
service.args	s0	/bin/sleep	100000
done	mark-1383
service.args	s0	/bin/sleep	100000
done	mark-1384
service.args	s0	/bin/sleep	100000
done	mark-1385
service.args	s0	/bin/sleep	100000
done	mark-1386
service.args	s0	/bin/sleep	100000
done	mark-1387
service.args	s0	/bin/sleep	100000
done	mark-1388
service.args	s0	/bin/sleep	100000
done	mark-1389
service.args	s0	/bin/sleep	100000
done	mark-1390
service.args	s0	/bin/sleep	100000
done	mark-1391
service.args	s0	/bin/sleep	100000
done	mark-1392
service.args	s0	/bin/sleep	100000
done	mark-1393
service.args	s0	/bin/sleep	100000
done	mark-1394
service.args	s0	/bin/sleep	100000
done	mark-1395
service.args	s0	/bin/sleep	100000
done	mark-1396
service.args	s0	/bin/sleep	100000
done	mark-1397
service.args	s0	/bin/sleep	100000
done	mark-1398
service.args	s0	/bin/sleep	100000
done	mark-1399
service.args	s0	/bin/sleep	100000
done	mark-1400
service.args	s0	/bin/sleep	100000
done	mark-1401
service.args	s0	/bin/sleep	100000
done	mark-1402
service.args	s0	/bin/sleep	100000
done	mark-1403
service.args	s0	/bin/sleep	100000
done	mark-1404
service.args	s0	/bin/sleep	100000
done	mark-1405
service.args	s0	/bin/sleep	100000
done	mark-1406
service.args	s0	/bin/sleep	100000
done	mark-1407
service.args	s0	/bin/sleep	100000
done	mark-1408
service.args	s0	/bin/sleep	100000
done	mark-1409
service.args	s0	/bin/sleep	100000
done	mark-1410
service.args	s0	/bin/sleep	100000
done	mark-1411
service.args	s0	/bin/sleep	100000
done	mark-1412
service.args	s0	/bin/sleep	100000
done	mark-1413
service.args	s0	/bin/sleep	100000
done	mark-1414
service.args	s0	/bin/sleep	100000
done	mark-1415
service.args	s0	/bin/sleep	100000
done	mark-1416
service.args	s0	/bin/sleep	100000
done	mark-1417
service.args	s0	/bin/sleep	100000
done	mark-1418
service.args	s0	/bin/sleep	100000
done	mark-1419
service.args	s0	/bin/sleep	100000
done	mark-1420
service.args	s0	/bin/sleep	100000
done	mark-1421
service.args	s0	/bin/sleep	100000
done	mark-1422
service.args	s0	/bin/sleep	100000
done	mark-1423
service.args	s0	/bin/sleep	100000
done	mark-1424
service.args	s0	/bin/sleep	100000
done	mark-1425
service.args	s0	/bin/sleep	100000
done	mark-1426
service.args	s0	/bin/sleep	100000
done	mark-1427
service.args	s0	/bin/sleep	100000
done	mark-1428
service.args	s0	/bin/sleep	100000
done	mark-1429
service.args	s0	/bin/sleep	100000
done	mark-1430
service.args	s0	/bin/sleep	100000
done	mark-1431
service.args	s0	/bin/sleep	100000
done	mark-1432
service.args	s0	/bin/sleep	100000
done	mark-1433
service.args	s0	/bin/sleep	100000
done	mark-1434
service.args	s0	/bin/sleep	100000
done	mark-1435
service.args	s0	/bin/sleep	100000
done	mark-1436
service.args	s0	/bin/sleep	100000
done	mark-1437
service.args	s0	/bin/sleep	100000
done	mark-1438
service.args	s0	/bin/sleep	100000
done	mark-1439
service.args	s0	/bin/sleep	100000
done	mark-1440
service.args	s0	/bin/sleep	100000
done	mark-1441
service.args	s0	/bin/sleep	100000
done	mark-1442
service.args	s0	/bin/sleep	100000
done	mark-1443
service.args	s0	/bin/sleep	100000
done	mark-1444
service.args	s0	/bin/sleep	100000
done	mark-1445
service.args	s0	/bin/sleep	100000
done	mark-1446
service.args	s0	/bin/sleep	100000
done	mark-1447
service.args	s0	/bin/sleep	100000
done	mark-1448
service.args	s0	/bin/sleep	100000
done	mark-1449
service.args	s0	/bin/sleep	100000
done	mark-1450
service.args	s0	/bin/sleep	100000
done	mark-1451
service.args	s0	/bin/sleep	100000
done	mark-1452
service.args	s0	/bin/sleep	100000
done	mark-1453
service.args	s0	/bin/sleep	100000
done	mark-1454
service.args	s0	/bin/sleep	100000
done	mark-1455
service.args	s0	/bin/sleep	100000
done	mark-1456
service.args	s0	/bin/sleep	100000
done	mark-1457
service.args	s0	/bin/sleep	100000
done	mark-1458
service.args	s0	/bin/sleep	100000
done	mark-1459
service.args	s0	/bin/sleep	100000
done	mark-1460
service.args	s0	/bin/sleep	100000
done	mark-1461
service.args	s0	/bin/sleep	100000
done	mark-1462
service.args	s0	/bin/sleep	100000
done	mark-1463
service.args	s0	/bin/sleep	100000
done	mark-1464
service.args	s0	/bin/sleep	100000
done	mark-1465
service.args	s0	/bin/sleep	100000
done	mark-1466
service.args	s0	/bin/sleep	100000
done	mark-1467
service.args	s0	/bin/sleep	100000
done	mark-1468
service.args	s0	/bin/sleep	100000
done	mark-1469
service.args	s0	/bin/sleep	100000
done	mark-1470
service.args	s0	/bin/sleep	100000
done	mark-1471
service.args	s0	/bin/sleep	100000
done	mark-1472
service.args	s0	/bin/sleep	100000
done	mark-1473
service.args	s0	/bin/sleep	100000
done	mark-1474
service.args	s0	/bin/sleep	100000
done	mark-1475
service.args	s0	/bin/sleep	100000
done	mark-1476
service.args	s0	/bin/sleep	100000
done	mark-1477
service.args	s0	/bin/sleep	100000
done	mark-1478
service.args	s0	/bin/sleep	100000
done	mark-1479
service.args	s0	/bin/sleep	100000
done	mark-1480
service.args	s0	/bin/sleep	100000
done	mark-1481
service.args	s0	/bin/sleep	100000
done	mark-1482
service.args	s0	/bin/sleep	100000
done	mark-1483
service.args	s0	/bin/sleep	100000
done	mark-1484
service.args	s0	/bin/sleep	100000
done	mark-1485
service.args	s0	/bin/sleep	100000
done	mark-1486
service.args	s0	/bin/sleep	100000
done	mark-1487
service.args	s0	/bin/sleep	100000
done	mark-1488
service.args	s0	/bin/sleep	100000
done	mark-1489
service.args	s0	/bin/sleep	100000
done	mark-1490
service.args	s0	/bin/sleep	100000
done	mark-1491
service.args	s0	/bin/sleep	100000
done	mark-1492
service.args	s0	/bin/sleep	100000
done	mark-1493
service.args	s0	/bin/sleep	100000
done	mark-1494
service.args	s0	/bin/sleep	100000
done	mark-1495
service.args	s0	/bin/sleep	100000
done	mark-1496
service.args	s0	/bin/sleep	100000
done	mark-1497
service.args	s0	/bin/sleep	100000
done	mark-1498
service.args	s0	/bin/sleep	100000
done	mark-1499
service.args	s0	/bin/sleep	100000
done	mark-1500
service.args	s0	/bin/sleep	100000
done	mark-1501
service.args	s0	/bin/sleep	100000
done	mark-1502
service.args	s0	/bin/sleep	100000
done	mark-1503
service.args	s0	/bin/sleep	100000
done	mark-1504
service.args	s0	/bin/sleep	100000
done	mark-1505
service.args	s0	/bin/sleep	100000
done	mark-1506
service.args	s0	/bin/sleep	100000
done	mark-1507
service.args	s0	/bin/sleep	100000
done	mark-1508
service.args	s0	/bin/sleep	100000
done	mark-1509
service.args	s0	/bin/sleep	100000
done	mark-1510
service.args	s0	/bin/sleep	100000
done	mark-1511
service.args	s0	/bin/sleep	100000
done	mark-1512
service.args	s0	/bin/sleep	100000
done	mark-1513
service.args	s0	/bin/sleep	100000
done	mark-1514
service.args	s0	/bin/sleep	100000
done	mark-1515
service.args	s0	/bin/sleep	100000
done	mark-1516
service.args	s0	/bin/sleep	100000
done	mark-1517
service.args	s0	/bin/sleep	100000
done	mark-1518
service.args	s0	/bin/sleep	100000
done	mark-1519
service.args	s0	/bin/sleep	100000
done	mark-1520
service.args	s0	/bin/sleep	100000
done	mark-1521
service.args	s0	/bin/sleep	100000
done	mark-1522
service.args	s0	/bin/sleep	100000
done	mark-1523
service.args	s0	/bin/sleep	100000
done	mark-1524
service.args	s0	/bin/sleep	100000
done	mark-1525
service.args	s0	/bin/sleep	100000
done	mark-1526
service.args	s0	/bin/sleep	100000
done	mark-1527
service.args	s0	/bin/sleep	100000
done	mark-1528
service.args	s0	/bin/sleep	100000
done	mark-1529
service.args	s0	/bin/sleep	100000
done	mark-1530
service.args	s0	/bin/sleep	100000
done	mark-1531
service.args	s0	/bin/sleep	100000
done	mark-1532
service.args	s0	/bin/sleep	100000
done	mark-1533
service.args	s0	/bin/sleep	100000
done	mark-1534
service.args	s0	/bin/sleep	100000
done	mark-1535
service.args	s0	/bin/sleep	100000
done	mark-1536
service.args	s0	/bin/sleep	100000
done	mark-1537
service.args	s0	/bin/sleep	100000
done	mark-1538
service.args	s0	/bin/sleep	100000
done	mark-1539
service.args	s0	/bin/sleep	100000
done	mark-1540
service.args	s0	/bin/sleep	100000
done	mark-1541
service.args	s0	/bin/sleep	100000
done	mark-1542
service.args	s0	/bin/sleep	100000
done	mark-1543
service.args	s0	/bin/sleep	100000
done	mark-1544
service.args	s0	/bin/sleep	100000
done	mark-1545
service.args	s0	/bin/sleep	100000
done	mark-1546
service.args	s0	/bin/sleep	100000
done	mark-1547
service.args	s0	/bin/sleep	100000
done	mark-1548
service.args	s0	/bin/sleep	100000
done	mark-1549
service.args	s0	/bin/sleep	100000
done	mark-1550
service.args	s0	/bin/sleep	100000
done	mark-1551
service.args	s0	/bin/sleep	100000
done	mark-1552
service.args	s0	/bin/sleep	100000
done	mark-1553
service.args	s0	/bin/sleep	100000
done	mark-1554
service.args	s0	/bin/sleep	100000
done	mark-1555
service.args	s0	/bin/sleep	100000
done	mark-1556
service.args	s0	/bin/sleep	100000
done	mark-1557
service.args	s0	/bin/sleep	100000
done	mark-1558
service.args	s0	/bin/sleep	100000
done	mark-1559
service.args	s0	/bin/sleep	100000
done	mark-1560
service.args	s0	/bin/sleep	100000
done	mark-1561
service.args	s0	/bin/sleep	100000
done	mark-1562
service.args	s0	/bin/sleep	100000
done	mark-1563
service.args	s0	/bin/sleep	100000
done	mark-1564
service.args	s0	/bin/sleep	100000
done	mark-1565
service.args	s0	/bin/sleep	100000
done	mark-1566
service.args	s0	/bin/sleep	100000
done	mark-1567
service.args	s0	/bin/sleep	100000
done	mark-1568
service.args	s0	/bin/sleep	100000
done	mark-1569
service.args	s0	/bin/sleep	100000
done	mark-1570
service.args	s0	/bin/sleep	100000
done	mark-1571
service.args	s0	/bin/sleep	100000
done	mark-1572
service.args	s0	/bin/sleep	100000
done	mark-1573
service.args	s0	/bin/sleep	100000
done	mark-1574
service.args	s0	/bin/sleep	100000
done	mark-1575
service.args	s0	/bin/sleep	100000
done	mark-1576
service.args	s0	/bin/sleep	100000
done	mark-1577
service.args	s0	/bin/sleep	100000
done	mark-1578
service.args	s0	/bin/sleep	100000
done	mark-1579
service.args	s0	/bin/sleep	100000
done	mark-1580
service.args	s0	/bin/sleep	100000
done	mark-1581
service.args	s0	/bin/sleep	100000
done	mark-1582
service.args	s0	/bin/sleep	100000
done	mark-1583
service.args	s0	/bin/sleep	100000
done	mark-1584
service.args	s0	/bin/sleep	100000
done	mark-1585
service.args	s0	/bin/sleep	100000
done	mark-1586
service.args	s0	/bin/sleep	100000
done	mark-1587
service.args	s0	/bin/sleep	100000
done	mark-1588
service.args	s0	/bin/sleep	100000
done	mark-1589
service.args	s0	/bin/sleep	100000
done	mark-1590
service.args	s0	/bin/sleep	100000
done	mark-1591
service.args	s0	/bin/sleep	100000
done	mark-1592
service.args	s0	/bin/sleep	100000
done	mark-1593
service.args	s0	/bin/sleep	100000
done	mark-1594
service.args	s0	/bin/sleep	100000
done	mark-1595
service.args	s0	/bin/sleep	100000
done	mark-1596
service.args	s0	/bin/sleep	100000
done	mark-1597
service.args	s0	/bin/sleep	100000
done	mark-1598
service.args	s0	/bin/sleep	100000
done	mark-1599
service.args	s0	/bin/sleep	100000
done	mark-1600
service.args	s0	/bin/sleep	100000
done	mark-1601
service.args	s0	/bin/sleep	100000
done	mark-1602
service.args	s0	/bin/sleep	100000
done	mark-1603
service.args	s0	/bin/sleep	100000
done	mark-1604
service.args	s0	/bin/sleep	100000
done	mark-1605
service.args	s0	/bin/sleep	100000
done	mark-1606
service.args	s0	/bin/sleep	100000
done	mark-1607
service.args	s0	/bin/sleep	100000
done	mark-1608
service.args	s0	/bin/sleep	100000
done	mark-1609
service.args	s0	/bin/sleep	100000
done	mark-1610
service.args	s0	/bin/sleep	100000
done	mark-1611
service.args	s0	/bin/sleep	100000
done	mark-1612
service.args	s0	/bin/sleep	100000
done	mark-1613
service.args	s0	/bin/sleep	100000
done	mark-1614
service.args	s0	/bin/sleep	100000
done	mark-1615
service.args	s0	/bin/sleep	100000
done	mark-1616
service.args	s0	/bin/sleep	100000
done	mark-1617
service.args	s0	/bin/sleep	100000
done	mark-1618
service.args	s0	/bin/sleep	100000
done	mark-1619
service.args	s0	/bin/sleep	100000
done	mark-1620
service.args	s0	/bin/sleep	100000
done	mark-1621
service.args	s0	/bin/sleep	100000
done	mark-1622
service.args	s0	/bin/sleep	100000
done	mark-1623
service.args	s0	/bin/sleep	100000
done	mark-1624
service.args	s0	/bin/sleep	100000
done	mark-1625
service.args	s0	/bin/sleep	100000
done	mark-1626
service.args	s0	/bin/sleep	100000
done	mark-1627
service.args	s0	/bin/sleep	100000
done	mark-1628
service.args	s0	/bin/sleep	100000
done	mark-1629
service.args	s0	/bin/sleep	100000
done	mark-1630
service.args	s0	/bin/sleep	100000
done	mark-1631
service.args	s0	/bin/sleep	100000
done	mark-1632
service.args	s0	/bin/sleep	100000
done	mark-1633
service.args	s0	/bin/sleep	100000
done	mark-1634
service.args	s0	/bin/sleep	100000
done	mark-1635
service.args	s0	/bin/sleep	100000
done	mark-1636
service.args	s0	/bin/sleep	100000
done	mark-1637
service.args	s0	/bin/sleep	100000
done	mark-1638
service.args	s0	/bin/sleep	100000
done	mark-1639
service.args	s0	/bin/sleep	100000
done	mark-1640
service.args	s0	/bin/sleep	100000
done	mark-1641
service.args	s0	/bin/sleep	100000
done	mark-1642
service.args	s0	/bin/sleep	100000
done	mark-1643
service.args	s0	/bin/sleep	100000
done	mark-1644
service.args	s0	/bin/sleep	100000
done	mark-1645
service.args	s0	/bin/sleep	100000
done	mark-1646
service.args	s0	/bin/sleep	100000
done	mark-1647
service.args	s0	/bin/sleep	100000
done	mark-1648
service.args	s0	/bin/sleep	100000
done	mark-1649
service.args	s0	/bin/sleep	100000
done	mark-1650
service.args	s0	/bin/sleep	100000
done	mark-1651
service.args	s0	/bin/sleep	100000
done	mark-1652
service.args	s0	/bin/sleep	100000
done	mark-1653
service.args	s0	/bin/sleep	100000
done	mark-1654
service.args	s0	/bin/sleep	100000
done	mark-1655
service.args	s0	/bin/sleep	100000
done	mark-1656
service.args	s0	/bin/sleep	100000
done	mark-1657
service.args	s0	/bin/sleep	100000
done	mark-1658
service.args	s0	/bin/sleep	100000
done	mark-1659
service.args	s0	/bin/sleep	100000
done	mark-1660
service.args	s0	/bin/sleep	100000
done	mark-1661
service.args	s0	/bin/sleep	100000
done	mark-1662
service.args	s0	/bin/sleep	100000
done	mark-1663
service.args	s0	/bin/sleep	100000
done	mark-1664
service.args	s0	/bin/sleep	100000
done	mark-1665
service.args	s0	/bin/sleep	100000
done	mark-1666
service.args	s0	/bin/sleep	100000
done	mark-1667
service.args	s0	/bin/sleep	100000
done	mark-1668
service.args	s0	/bin/sleep	100000
done	mark-1669
service.args	s0	/bin/sleep	100000
done	mark-1670
service.args	s0	/bin/sleep	100000
done	mark-1671
service.args	s0	/bin/sleep	100000
done	mark-1672
service.args	s0	/bin/sleep	100000
done	mark-1673
service.args	s0	/bin/sleep	100000
done	mark-1674
service.args	s0	/bin/sleep	100000
done	mark-1675
service.args	s0	/bin/sleep	100000
done	mark-1676
service.args	s0	/bin/sleep	100000
done	mark-1677
service.args	s0	/bin/sleep	100000
done	mark-1678
service.args	s0	/bin/sleep	100000
done	mark-1679
service.args	s0	/bin/sleep	100000
done	mark-1680
service.args	s0	/bin/sleep	100000
done	mark-1681
service.args	s0	/bin/sleep	100000
done	mark-1682
service.args	s0	/bin/sleep	100000
done	mark-1683
service.args	s0	/bin/sleep	100000
done	mark-1684
service.args	s0	/bin/sleep	100000
done	mark-1685
service.args	s0	/bin/sleep	100000
done	mark-1686
service.args	s0	/bin/sleep	100000
done	mark-1687
service.args	s0	/bin/sleep	100000
done	mark-1688
service.args	s0	/bin/sleep	100000
done	mark-1689
service.args	s0	/bin/sleep	100000
done	mark-1690
service.args	s0	/bin/sleep	100000
done	mark-1691
service.args	s0	/bin/sleep	100000
done	mark-1692
service.args	s0	/bin/sleep	100000
done	mark-1693
service.args	s0	/bin/sleep	100000
done	mark-1694
service.args	s0	/bin/sleep	100000
done	mark-1695
service.args	s0	/bin/sleep	100000
done	mark-1696
service.args	s0	/bin/sleep	100000
done	mark-1697
service.args	s0	/bin/sleep	100000
done	mark-1698
service.args	s0	/bin/sleep	100000
done	mark-1699
service.args	s0	/bin/sleep	100000
done	mark-1700
service.args	s0	/bin/sleep	100000
done	mark-1701
service.args	s0	/bin/sleep	100000
done	mark-1702
service.args	s0	/bin/sleep	100000
done	mark-1703
service.args	s0	/bin/sleep	100000
done	mark-1704
service.args	s0	/bin/sleep	100000
done	mark-1705
service.args	s0	/bin/sleep	100000
done	mark-1706
service.args	s0	/bin/sleep	100000
done	mark-1707
service.args	s0	/bin/sleep	100000
done	mark-1708
service.args	s0	/bin/sleep	100000
done	mark-1709
service.args	s0	/bin/sleep	100000
done	mark-1710
service.args	s0	/bin/sleep	100000
done	mark-1711
service.args	s0	/bin/sleep	100000
done	mark-1712
service.args	s0	/bin/sleep	100000
done	mark-1713
service.args	s0	/bin/sleep	100000
done	mark-1714
service.args	s0	/bin/sleep	100000
done	mark-1715
service.args	s0	/bin/sleep	100000
done	mark-1716
service.args	s0	/bin/sleep	100000
done	mark-1717
service.args	s0	/bin/sleep	100000
done	mark-1718
service.args	s0	/bin/sleep	100000
done	mark-1719
service.args	s0	/bin/sleep	100000
done	mark-1720
service.args	s0	/bin/sleep	100000
done	mark-1721
service.args	s0	/bin/sleep	100000
done	mark-1722
service.args	s0	/bin/sleep	100000
done	mark-1723
service.args	s0	/bin/sleep	100000
done	mark-1724
service.args	s0	/bin/sleep	100000
done	mark-1725
service.args	s0	/bin/sleep	100000
done	mark-1726
service.args	s0	/bin/sleep	100000
done	mark-1727
service.args	s0	/bin/sleep	100000
done	mark-1728
service.args	s0	/bin/sleep	100000
done	mark-1729
service.args	s0	/bin/sleep	100000
done	mark-1730
service.args	s0	/bin/sleep	100000
done	mark-1731
service.args	s0	/bin/sleep	100000
done	mark-1732
service.args	s0	/bin/sleep	100000
done	mark-1733
service.args	s0	/bin/sleep	100000
done	mark-1734
service.args	s0	/bin/sleep	100000
done	mark-1735
service.args	s0	/bin/sleep	100000
done	mark-1736
service.args	s0	/bin/sleep	100000
done	mark-1737
service.args	s0	/bin/sleep	100000
done	mark-1738
service.args	s0	/bin/sleep	100000
done	mark-1739
service.args	s0	/bin/sleep	100000
done	mark-1740
service.args	s0	/bin/sleep	100000
done	mark-1741
service.args	s0	/bin/sleep	100000
done	mark-1742
service.args	s0	/bin/sleep	100000
done	mark-1743
service.args	s0	/bin/sleep	100000
done	mark-1744
service.args	s0	/bin/sleep	100000
done	mark-1745
service.args	s0	/bin/sleep	100000
done	mark-1746
service.args	s0	/bin/sleep	100000
done	mark-1747
service.args	s0	/bin/sleep	100000
done	mark-1748
service.args	s0	/bin/sleep	100000
done	mark-1749
service.args	s0	/bin/sleep	100000
done	mark-1750
service.args	s0	/bin/sleep	100000
done	mark-1751
service.args	s0	/bin/sleep	100000
done	mark-1752
service.args	s0	/bin/sleep	100000
done	mark-1753
service.args	s0	/bin/sleep	100000
done	mark-1754
service.args	s0	/bin/sleep	100000
done	mark-1755
service.args	s0	/bin/sleep	100000
done	mark-1756
service.args	s0	/bin/sleep	100000
done	mark-1757
service.args	s0	/bin/sleep	100000
done	mark-1758
service.args	s0	/bin/sleep	100000
done	mark-1759
service.args	s0	/bin/sleep	100000
done	mark-1760
service.args	s0	/bin/sleep	100000
done	mark-1761
service.args	s0	/bin/sleep	100000
done	mark-1762
service.args	s0	/bin/sleep	100000
done	mark-1763
service.args	s0	/bin/sleep	100000
done	mark-1764
service.args	s0	/bin/sleep	100000
done	mark-1765
service.args	s0	/bin/sleep	100000
done	mark-1766
service.args	s0	/bin/sleep	100000
done	mark-1767
service.args	s0	/bin/sleep	100000
done	mark-1768
service.args	s0	/bin/sleep	100000
done	mark-1769
service.args	s0	/bin/sleep	100000
done	mark-1770
service.args	s0	/bin/sleep	100000
done	mark-1771
service.args	s0	/bin/sleep	100000
done	mark-1772
service.args	s0	/bin/sleep	100000
done	mark-1773
service.args	s0	/bin/sleep	100000
done	mark-1774
service.args	s0	/bin/sleep	100000
done	mark-1775
service.args	s0	/bin/sleep	100000
done	mark-1776
service.args	s0	/bin/sleep	100000
done	mark-1777
service.args	s0	/bin/sleep	100000
done	mark-1778
service.args	s0	/bin/sleep	100000
done	mark-1779
service.args	s0	/bin/sleep	100000
done	mark-1780
service.args	s0	/bin/sleep	100000
done	mark-1781
service.args	s0	/bin/sleep	100000
done	mark-1782
service.args	s0	/bin/sleep	100000
done	mark-1783
service.args	s0	/bin/sleep	100000
done	mark-1784
service.args	s0	/bin/sleep	100000
done	mark-1785
service.args	s0	/bin/sleep	100000
done	mark-1786
service.args	s0	/bin/sleep	100000
done	mark-1787
service.args	s0	/bin/sleep	100000
done	mark-1788
service.args	s0	/bin/sleep	100000
done	mark-1789
service.args	s0	/bin/sleep	100000
done	mark-1790
service.args	s0	/bin/sleep	100000
done	mark-1791
service.args	s0	/bin/sleep	100000
done	mark-1792
service.args	s0	/bin/sleep	100000
done	mark-1793
service.args	s0	/bin/sleep	100000
done	mark-1794
service.args	s0	/bin/sleep	100000
done	mark-1795
service.args	s0	/bin/sleep	100000
done	mark-1796
service.args	s0	/bin/sleep	100000
done	mark-1797
service.args	s0	/bin/sleep	100000
done	mark-1798
service.args	s0	/bin/sleep	100000
done	mark-1799
service.args	s0	/bin/sleep	100000
done	mark-1800
service.args	s0	/bin/sleep	100000
done	mark-1801
service.args	s0	/bin/sleep	100000
done	mark-1802
service.args	s0	/bin/sleep	100000
done	mark-1803
service.args	s0	/bin/sleep	100000
done	mark-1804
service.args	s0	/bin/sleep	100000
done	mark-1805
service.args	s0	/bin/sleep	100000
done	mark-1806
service.args	s0	/bin/sleep	100000
done	mark-1807
service.args	s0	/bin/sleep	100000
done	mark-1808
service.args	s0	/bin/sleep	100000
done	mark-1809
service.args	s0	/bin/sleep	100000
done	mark-1810
service.args	s0	/bin/sleep	100000
done	mark-1811
service.args	s0	/bin/sleep	100000
done	mark-1812
service.args	s0	/bin/sleep	100000
done	mark-1813
service.args	s0	/bin/sleep	100000
done	mark-1814
service.args	s0	/bin/sleep	100000
done	mark-1815
service.args	s0	/bin/sleep	100000
done	mark-1816
service.args	s0	/bin/sleep	100000
done	mark-1817
service.args	s0	/bin/sleep	100000
done	mark-1818
service.args	s0	/bin/sleep	100000
done	mark-1819
service.args	s0	/bin/sleep	100000
done	mark-1820
service.args	s0	/bin/sleep	100000
done	mark-1821
service.args	s0	/bin/sleep	100000
done	mark-1822
service.args	s0	/bin/sleep	100000
done	mark-1823
service.args	s0	/bin/sleep	100000
done	mark-1824
service.args	s0	/bin/sleep	100000
done	mark-1825
service.args	s0	/bin/sleep	100000
done	mark-1826
service.args	s0	/bin/sleep	100000
done	mark-1827
service.args	s0	/bin/sleep	100000
done	mark-1828
service.args	s0	/bin/sleep	100000
done	mark-1829
service.args	s0	/bin/sleep	100000
done	mark-1830
service.args	s0	/bin/sleep	100000
done	mark-1831
service.args	s0	/bin/sleep	100000
done	mark-1832
service.args	s0	/bin/sleep	100000
done	mark-1833
service.args	s0	/bin/sleep	100000
done	mark-1834
service.args	s0	/bin/sleep	100000
done	mark-1835
service.args	s0	/bin/sleep	100000
done	mark-1836
service.args	s0	/bin/sleep	100000
done	mark-1837
service.args	s0	/bin/sleep	100000
done	mark-1838
service.args	s0	/bin/sleep	100000
done	mark-1839
service.args	s0	/bin/sleep	100000
done	mark-1840
service.args	s0	/bin/sleep	100000
done	mark-1841
service.args	s0	/bin/sleep	100000
done	mark-1842
service.args	s0	/bin/sleep	100000
done	mark-1843
service.args	s0	/bin/sleep	100000
done	mark-1844
service.args	s0	/bin/sleep	100000
done	mark-1845
service.args	s0	/bin/sleep	100000
done	mark-1846
service.args	s0	/bin/sleep	100000
done	mark-1847
service.args	s0	/bin/sleep	100000
done	mark-1848
service.args	s0	/bin/sleep	100000
done	mark-1849
service.args	s0	/bin/sleep	100000
done	mark-1850
service.args	s0	/bin/sleep	100000
done	mark-1851
service.args	s0	/bin/sleep	100000
done	mark-1852
service.args	s0	/bin/sleep	100000
done	mark-1853
service.args	s0	/bin/sleep	100000
done	mark-1854
service.args	s0	/bin/sleep	100000
done	mark-1855
service.args	s0	/bin/sleep	100000
done	mark-1856
service.args	s0	/bin/sleep	100000
done	mark-1857
service.args	s0	/bin/sleep	100000
done	mark-1858
service.args	s0	/bin/sleep	100000
done	mark-1859
service.args	s0	/bin/sleep	100000
done	mark-1860
service.args	s0	/bin/sleep	100000
done	mark-1861
service.args	s0	/bin/sleep	100000
done	mark-1862
service.args	s0	/bin/sleep	100000
done	mark-1863
service.args	s0	/bin/sleep	100000
done	mark-1864
service.args	s0	/bin/sleep	100000
done	mark-1865
service.args	s0	/bin/sleep	100000
done	mark-1866
service.args	s0	/bin/sleep	100000
done	mark-1867
service.args	s0	/bin/sleep	100000
done	mark-1868
service.args	s0	/bin/sleep	100000
done	mark-1869
service.args	s0	/bin/sleep	100000
done	mark-1870
service.args	s0	/bin/sleep	100000
done	mark-1871
service.args	s0	/bin/sleep	100000
done	mark-1872
service.args	s0	/bin/sleep	100000
done	mark-1873
service.args	s0	/bin/sleep	100000
done	mark-1874
service.args	s0	/bin/sleep	100000
done	mark-1875
service.args	s0	/bin/sleep	100000
done	mark-1876
service.args	s0	/bin/sleep	100000
done	mark-1877
service.args	s0	/bin/sleep	100000
done	mark-1878
service.args	s0	/bin/sleep	100000
done	mark-1879
service.args	s0	/bin/sleep	100000
done	mark-1880
service.args	s0	/bin/sleep	100000
done	mark-1881
service.args	s0	/bin/sleep	100000
done	mark-1882
service.args	s0	/bin/sleep	100000
done	mark-1883
service.args	s0	/bin/sleep	100000
done	mark-1884
service.args	s0	/bin/sleep	100000
done	mark-1885
service.args	s0	/bin/sleep	100000
done	mark-1886
service.args	s0	/bin/sleep	100000
done	mark-1887
service.args	s0	/bin/sleep	100000
done	mark-1888
service.args	s0	/bin/sleep	100000
done	mark-1889
service.args	s0	/bin/sleep	100000
done	mark-1890
service.args	s0	/bin/sleep	100000
done	mark-1891
service.args	s0	/bin/sleep	100000
done	mark-1892
service.args	s0	/bin/sleep	100000
done	mark-1893
service.args	s0	/bin/sleep	100000
done	mark-1894
service.args	s0	/bin/sleep	100000
done	mark-1895
service.args	s0	/bin/sleep	100000
done	mark-1896
service.args	s0	/bin/sleep	100000
done	mark-1897
service.args	s0	/bin/sleep	100000
done	mark-1898
service.args	s0	/bin/sleep	100000
done	mark-1899
service.args	s0	/bin/sleep	100000
done	mark-1900
service.args	s0	/bin/sleep	100000
done	mark-1901
service.args	s0	/bin/sleep	100000
done	mark-1902
service.args	s0	/bin/sleep	100000
done	mark-1903
service.args	s0	/bin/sleep	100000
done	mark-1904
service.args	s0	/bin/sleep	100000
done	mark-1905
service.args	s0	/bin/sleep	100000
done	mark-1906
service.args	s0	/bin/sleep	100000
done	mark-1907
service.args	s0	/bin/sleep	100000
done	mark-1908
service.args	s0	/bin/sleep	100000
done	mark-1909
service.args	s0	/bin/sleep	100000
done	mark-1910
service.args	s0	/bin/sleep	100000
done	mark-1911
service.args	s0	/bin/sleep	100000
done	mark-1912
service.args	s0	/bin/sleep	100000
done	mark-1913
service.args	s0	/bin/sleep	100000
done	mark-1914
service.args	s0	/bin/sleep	100000
done	mark-1915
service.args	s0	/bin/sleep	100000
done	mark-1916
service.args	s0	/bin/sleep	100000
done	mark-1917
service.args	s0	/bin/sleep	100000
done	mark-1918
service.args	s0	/bin/sleep	100000
done	mark-1919
service.args	s0	/bin/sleep	100000
done	mark-1920
service.args	s0	/bin/sleep	100000
done	mark-1921
service.args	s0	/bin/sleep	100000
done	mark-1922
service.args	s0	/bin/sleep	100000
done	mark-1923
service.args	s0	/bin/sleep	100000
done	mark-1924
service.args	s0	/bin/sleep	100000
done	mark-1925
service.args	s0	/bin/sleep	100000
done	mark-1926
service.args	s0	/bin/sleep	100000
done	mark-1927
service.args	s0	/bin/sleep	100000
done	mark-1928
service.args	s0	/bin/sleep	100000
done	mark-1929
service.args	s0	/bin/sleep	100000
done	mark-1930
service.args	s0	/bin/sleep	100000
done	mark-1931
service.args	s0	/bin/sleep	100000
done	mark-1932
service.args	s0	/bin/sleep	100000
done	mark-1933
service.args	s0	/bin/sleep	100000
done	mark-1934
service.args	s0	/bin/sleep	100000
done	mark-1935
service.args	s0	/bin/sleep	100000
done	mark-1936
service.args	s0	/bin/sleep	100000
done	mark-1937
service.args	s0	/bin/sleep	100000
done	mark-1938
service.args	s0	/bin/sleep	100000
done	mark-1939
service.args	s0	/bin/sleep	100000
done	mark-1940
service.args	s0	/bin/sleep	100000
done	mark-1941
service.args	s0	/bin/sleep	100000
done	mark-1942
service.args	s0	/bin/sleep	100000
done	mark-1943
service.args	s0	/bin/sleep	100000
done	mark-1944
service.args	s0	/bin/sleep	100000
done	mark-1945
service.args	s0	/bin/sleep	100000
done	mark-1946
service.args	s0	/bin/sleep	100000
done	mark-1947
service.args	s0	/bin/sleep	100000
done	mark-1948
service.args	s0	/bin/sleep	100000
done	mark-1949
service.args	s0	/bin/sleep	100000
done	mark-1950
service.args	s0	/bin/sleep	100000
done	mark-1951
service.args	s0	/bin/sleep	100000
done	mark-1952
service.args	s0	/bin/sleep	100000
done	mark-1953
service.args	s0	/bin/sleep	100000
done	mark-1954
service.args	s0	/bin/sleep	100000
done	mark-1955
service.args	s0	/bin/sleep	100000
done	mark-1956
service.args	s0	/bin/sleep	100000
done	mark-1957
service.args	s0	/bin/sleep	100000
done	mark-1958
service.args	s0	/bin/sleep	100000
done	mark-1959
service.args	s0	/bin/sleep	100000
done	mark-1960
service.args	s0	/bin/sleep	100000
done	mark-1961
service.args	s0	/bin/sleep	100000
done	mark-1962
service.args	s0	/bin/sleep	100000
done	mark-1963
service.args	s0	/bin/sleep	100000
done	mark-1964
service.args	s0	/bin/sleep	100000
done	mark-1965
service.args	s0	/bin/sleep	100000
done	mark-1966
service.args	s0	/bin/sleep	100000
done	mark-1967
service.args	s0	/bin/sleep	100000
done	mark-1968
service.args	s0	/bin/sleep	100000
done	mark-1969
service.args	s0	/bin/sleep	100000
done	mark-1970
service.args	s0	/bin/sleep	100000
done	mark-1971
service.args	s0	/bin/sleep	100000
done	mark-1972
service.args	s0	/bin/sleep	100000
done	mark-1973
service.args	s0	/bin/sleep	100000
done	mark-1974
service.args	s0	/bin/sleep	100000
done	mark-1975
service.args	s0	/bin/sleep	100000
done	mark-1976
service.args	s0	/bin/sleep	100000
done	mark-1977
service.args	s0	/bin/sleep	100000
done	mark-1978
service.args	s0	/bin/sleep	100000
done	mark-1979
service.args	s0	/bin/sleep	100000
done	mark-1980
service.args	s0	/bin/sleep	100000
done	mark-1981
service.args	s0	/bin/sleep	100000
done	mark-1982
service.args	s0	/bin/sleep	100000
done	mark-1983
service.args	s0	/bin/sleep	100000
done	mark-1984
service.args	s0	/bin/sleep	100000
done	mark-1985
service.args	s0	/bin/sleep	100000
done	mark-1986
service.args	s0	/bin/sleep	100000
done	mark-1987
service.args	s0	/bin/sleep	100000
done	mark-1988
service.args	s0	/bin/sleep	100000
done	mark-1989
service.args	s0	/bin/sleep	100000
done	mark-1990
service.args	s0	/bin/sleep	100000
done	mark-1991
service.args	s0	/bin/sleep	100000
done	mark-1992
service.args	s0	/bin/sleep	100000
done	mark-1993
service.args	s0	/bin/sleep	100000
done	mark-1994
service.args	s0	/bin/sleep	100000
done	mark-1995
service.args	s0	/bin/sleep	100000
done	mark-1996
service.args	s0	/bin/sleep	100000
done	mark-1997
service.args	s0	/bin/sleep	100000
done	mark-1998
service.args	s0	/bin/sleep	100000
done	mark-1999
info	end of input: leaving
