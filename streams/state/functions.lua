#!lua name=@LIBRARY@

-- One commit: everything is checked first, and only then anything is written. A function runs
-- alone and is logged as a whole, but it is NOT rolled back on an error; so nothing behind the
-- line "from here on" may fail: every key has been found to be of its type, and all values are
-- made and checked by the caller.
--
-- keys: 1 stamp, 2 counts, then those that rows point to by their number
-- args: group, consumer, then sections of rows, each with its number of rows in front:
--   acks (key, id)  fired (key, timer, due)  absent (key)  expected (key, version)  removed (key)
--   written (key, milliseconds to keep or 0, value)  unset (key, timer)  set (key, timer, due)
--   counts (name, number)  records (key, number of words, words ...)
-- returns 'committed', 'conflict' (a version is another one) or 'gone' (an input is not the
-- consumer's any more, or a timer is not due at that time)

local function reader(args)
  local at = 0
  local function take()
    at = at + 1
    return args[at]
  end
  local function rows(width)
    local count, first = tonumber(take()), at + 1
    at = at + count * width
    local row = 0
    return function()
      row = row + 1
      if row > count then return nil end
      local i = first + (row - 1) * width
      return args[i], args[i + 1], args[i + 2]
    end
  end
  return take, rows
end

local function require_type(key, wanted)
  local found = redis.call('TYPE', key)['ok']
  if found ~= 'none' and found ~= wanted then
    error({err = 'WRONGTYPE ' .. key .. ' is a ' .. found .. ', not a ' .. wanted})
  end
end

-- A version is the server's time in microseconds, or the last one plus one where that is more:
-- also when a crash took back the last writes, no version is ever given twice. Its lower 48 bits
-- stand before a value, which come again after nine years and are never all zero.
local function next_version(key)
  local last = tonumber(redis.call('GET', key) or 0) or 0
  local time = redis.call('TIME')
  local version = time[1] * 1000000 + time[2]
  if version <= last then version = last + 1 end
  if version % 2^48 == 0 then version = version + 1 end
  return version
end

-- The 6 bytes before a value; a value that is shorter is none of ours, and may be replaced as it is.
local NEVER = '\0\0\0\0\0\0'

local function version_of(key)
  return string.sub(redis.call('GETRANGE', key, 0, 5) .. NEVER, 1, 6)
end

-- Whether none of many keys exists: most cells that a commit rests on are new, so they are asked for together.
local function all_absent(keys, rows)
  local asked = {}
  local function any()
    if #asked == 0 or redis.call('EXISTS', unpack(asked)) == 0 then return false end
    for _, key in ipairs(asked) do
      if version_of(key) ~= NEVER then return true end
    end
    return false
  end
  for key in rows do
    asked[#asked + 1] = keys[tonumber(key)]
    if #asked == 1000 then
      if any() then return false end
      asked = {}
    end
  end
  return not any()
end

local function records(keys, take)
  local found, checked = {}, {}
  for i = 1, tonumber(take()) do
    local key = keys[tonumber(take())]
    if not checked[key] then
      require_type(key, 'stream')
      checked[key] = true
    end
    local words = {'XADD', key, '*'}
    for w = 1, tonumber(take()) do words[w + 3] = take() end
    found[i] = words
  end
  return found
end

local function timers(keys, rows)
  local found = {}
  for key, timer, due in rows do
    key = keys[tonumber(key)]
    require_type(key, 'zset')
    found[#found + 1] = {key, timer, due}
  end
  return found
end

local function commit(keys, args)
  local take, rows = reader(args)
  local group, consumer = take(), take()
  local acks = {}
  for key, id in rows(2) do
    key = keys[tonumber(key)]
    if #redis.call('XPENDING', key, group, id, id, 1, consumer) == 0 then return 'gone' end
    acks[#acks + 1] = {key, id}
  end
  local fired = {}
  for key, timer, due in rows(3) do
    key = keys[tonumber(key)]
    require_type(key, 'zset')
    local score = redis.call('ZSCORE', key, timer)
    if not score or tonumber(score) ~= tonumber(due) then return 'gone' end
    fired[#fired + 1] = {key, timer}
  end
  if not all_absent(keys, rows(1)) then return 'conflict' end
  for key, version in rows(2) do
    if version_of(keys[tonumber(key)]) ~= version then return 'conflict' end
  end
  local removed = rows(1)
  local written = rows(3)
  local unset = timers(keys, rows(2))
  local set = timers(keys, rows(3))
  local counts = rows(2)
  local added = records(keys, take)
  require_type(keys[1], 'string')
  require_type(keys[2], 'hash')
  local version = next_version(keys[1])
  local head = string.sub(struct.pack('>I8', version), 3)

  -- from here on
  redis.call('SET', keys[1], string.format('%.0f', version))
  for _, ack in ipairs(acks) do redis.call('XACK', ack[1], group, ack[2]) end
  for _, timer in ipairs(fired) do redis.call('ZREM', timer[1], timer[2]) end
  for key in removed do redis.call('DEL', keys[tonumber(key)]) end
  for key, keep, value in written do
    value = head .. value
    if keep == '0' then
      redis.call('SET', keys[tonumber(key)], value)
    else
      redis.call('SET', keys[tonumber(key)], value, 'PX', keep)
    end
  end
  for _, timer in ipairs(unset) do redis.call('ZREM', timer[1], timer[2]) end
  for _, timer in ipairs(set) do redis.call('ZADD', timer[1], timer[3], timer[2]) end
  for name, number in counts do redis.call('HINCRBY', keys[2], name, number) end
  for _, words in ipairs(added) do redis.call(unpack(words)) end
  return 'committed'
end

-- Forget the consumers of a group that hold nothing and gave no sign for a while. In one step: one
-- that came back between the look and the deletion would lose what it was just given.
-- keys: the topic; args: group, milliseconds
local function forget(keys, args)
  local forgotten = 0
  for _, words in ipairs(redis.call('XINFO', 'CONSUMERS', keys[1], args[1])) do
    local consumer = {}
    for i = 1, #words, 2 do consumer[words[i]] = words[i + 1] end
    if consumer['pending'] == 0 and consumer['idle'] > tonumber(args[2]) then
      redis.call('XGROUP', 'DELCONSUMER', keys[1], args[1], consumer['name'])
      forgotten = forgotten + 1
    end
  end
  return forgotten
end

-- Which of the records of one consumer it had in hand, asked from the oldest on: those before the
-- first suspect, or, where the first is suspect, that one alone.
local function in_hand(suspect)
  local first, over = true, false
  return function(times)
    local hand = first or not (over or times > suspect)
    over = over or times > suspect
    first = false
    return hand
  end
end

-- What a consumer holds, oldest first: {id, how many times it was given out, its words or nil}.
-- Unlike a read of the consumer's own list this counts nothing up, except when told that the
-- consumer has come back ('1'): then all it had in hand has seen one more worker end.
-- keys: the topic; args: group, consumer, how many to return, '1' or '0', above how many times a record is suspect
local function held(keys, args)
  local group, consumer, limit, back = args[1], args[2], tonumber(args[3]), args[4] == '1'
  local rows, had = {}, in_hand(tonumber(args[5]))
  for _, row in ipairs(redis.call('XPENDING', keys[1], group, '-', '+', back and 10000 or limit, consumer)) do
    local id, times = row[1], row[4]
    local found = redis.call('XRANGE', keys[1], id, id)[1]
    if back and found and had(times) then
      times = times + 1
      redis.call('XCLAIM', keys[1], group, consumer, 0, id, 'RETRYCOUNT', times, 'JUSTID')
    end
    if #rows < limit then rows[#rows + 1] = {id, times, found and found[2] or false} end
  end
  return rows
end

-- Take over what other consumers have held for too long; each record that one had in hand has seen one
-- more worker end (or hang). What the consumer holds itself is left alone, however long it takes.
-- keys: the topic; args: group, consumer, milliseconds, above how many times a record is suspect
-- returns how many, and how many were deleted unread
local function claim(keys, args)
  local group, consumer, taken, deleted, had = args[1], args[2], 0, 0, {}
  for _, row in ipairs(redis.call('XPENDING', keys[1], group, 'IDLE', args[3], '-', '+', 10000)) do
    local id, owner, times = row[1], row[2], row[4]
    if owner ~= consumer then
      had[owner] = had[owner] or in_hand(tonumber(args[4]))
      if had[owner](times) then times = times + 1 end
      local got = redis.call('XCLAIM', keys[1], group, consumer, args[3], id, 'RETRYCOUNT', times, 'JUSTID')
      if #got == 0 then deleted = deleted + 1 else taken = taken + 1 end
    end
  end
  return {taken, deleted}
end

-- A consumer leaves in order: what it had in hand has seen no worker end, although it will come again.
-- keys: the topic; args: group, consumer, above how many times a record is suspect
local function leave(keys, args)
  local had = in_hand(tonumber(args[3]))
  for _, row in ipairs(redis.call('XPENDING', keys[1], args[1], '-', '+', 10000, args[2])) do
    if had(row[4]) then
      redis.call('XCLAIM', keys[1], args[1], args[2], 0, row[1], 'RETRYCOUNT', row[4] - 1, 'JUSTID')
    end
  end
end

redis.register_function('@LIBRARY@_commit', commit)
redis.register_function('@LIBRARY@_claim', claim)
redis.register_function('@LIBRARY@_held', held)
redis.register_function('@LIBRARY@_leave', leave)
redis.register_function('@LIBRARY@_forget', forget)
