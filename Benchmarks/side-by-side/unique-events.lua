-- wrk: every request is a new event. Each body of the measuring scripts' mix gets a unique_id of its own and is signed by
-- libcrypto through LuaJIT's FFI, so that a server that knows duplicates stores every one.
local ffi = require("ffi")
ffi.cdef [[
unsigned char *HMAC(const void *md, const void *key, int key_len, const unsigned char *d, size_t n, unsigned char *out,
    unsigned int *len);
const void *EVP_sha256(void);
int getpid(void);
]]
local crypto = ffi.load("crypto")
local sha256, code, length = crypto.EVP_sha256(), ffi.new("unsigned char[64]"), ffi.new("unsigned int[1]")
local mix = dofile("@FOLDER@/data/mix.tbl.lua")
local before, after, sent = {}, {}, 0
local run = string.format("%s%08x%05d", os.getenv("RUNID") or "x", os.time() % 0x7fffffff, crypto.getpid() % 100000)
for index, signed in ipairs(mix) do
    local body = signed[2]
    local first, last = body:find('"unique_id": "[^"]*"')
    before[index] = body:sub(1, first - 1) .. '"unique_id": "'
    after[index] = '"' .. body:sub(last + 1)
end
local hex = {}
for byte = 0, 255 do hex[byte] = string.format("%02x", byte) end

request = function()
    sent = sent + 1
    local index = sent % #mix + 1
    local body = before[index] .. run .. string.format("%010d", sent) .. after[index]
    crypto.HMAC(sha256, "secret", 6, body, #body, code, length)
    local digits = {}
    for place = 0, 31 do digits[place + 1] = hex[code[place]] end
    return "POST " .. wrk.path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        .. "X-Keywordsai-Signature: " .. table.concat(digits) .. "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

done = function(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        'JSON {"n":%d,"secs":%.3f,"rps":%.1f,"p50":%.3f,"p99":%.3f,"max":%.3f,"bad":%d,"sock":%d}\n', summary.requests,
        summary.duration / 1e6, summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3,
        latency:percentile(99) / 1e3, latency.max / 1e3, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout))
end
