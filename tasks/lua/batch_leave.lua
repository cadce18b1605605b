-- The copy of an object of a prefix has ended. -> change of the limit
-- ARGV: bucket, token of the copy, good ('1' = it succeeded)
land(ARGV[1], ARGV[2], ARGV[3] == '1')
return change
