-- Opens the file that nvim was started with, waits for its diagnostics, and asks for what the server offers. Writes what
-- it got as JSON to the file in RESULT.
local buffer = vim.api.nvim_get_current_buf()
local function wait(done)
  return vim.wait(20000, done, 20)
end
local function codes()
  return vim.tbl_map(function(each) return each.code end, vim.diagnostic.get(buffer))
end
local function has(code) return vim.tbl_contains(codes(), code) end
local function at(piece)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local start = line:find(piece, 1, true)
    if start then return { line = number - 1, character = start + #piece - 2 } end
  end
  error(piece .. " is not in the file")
end
local function request(method, parameters)
  parameters.textDocument = { uri = vim.uri_from_bufnr(buffer) }
  for _, answer in pairs(vim.lsp.buf_request_sync(buffer, method, parameters, 20000) or {}) do return answer.result end
end

local result = {}
wait(function() return has("vm/memory-multiple-of-4") end)
result.before = codes()
local wrong = at("8190")
result.hover = request("textDocument/hover", { position = wrong }).contents.value
result.definition = request("textDocument/definition", { position = at("system_location: Oslo") })[1].range.start.line + 1
local items = request("textDocument/completion", { position = at("system_location: Os") })
result.completion = vim.tbl_map(function(item) return item.label end, items.items or items)
local context = { diagnostics = {}, only = { "quickfix" } }
local action = request("textDocument/codeAction", { range = { start = wrong, ["end"] = wrong }, context = context })[1]
result.action = action.title
vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
result.line = vim.api.nvim_buf_get_lines(buffer, wrong.line, wrong.line + 1, false)[1]
result.isGone = wait(function() return not has("vm/memory-multiple-of-4") end)
local file = assert(io.open(vim.env.RESULT, "w"))
file:write(vim.fn.json_encode(result))
file:close()
vim.cmd("qa!")
