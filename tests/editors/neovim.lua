-- What Neovim makes of the server: opens a Dockerfile, shows what is wrong, mends it, and asks the rest. Writes what it saw to
-- standard output, a line each. The test that runs it says in the environment where the server and the file are.

local program, path = vim.env.PLIMSOLL, vim.env.DOCKERFILE
local patience = 60000

local function say(name, value)
    io.stdout:write(name .. ": " .. tostring(value) .. "\n")
end

local function await(what, holds)
    if not vim.wait(patience, holds, 5) then
        error("there was no end of waiting for " .. what)
    end
end

local function run()
    vim.cmd("edit " .. vim.fn.fnameescape(path))
    local buffer = vim.api.nvim_get_current_buf()
    local client = vim.lsp.start_client({
        name = "plimsoll",
        cmd = { program, "server" },
        root_dir = vim.fn.fnamemodify(path, ":h"),
        init_options = { context = "workspace" },
    })
    vim.lsp.buf_attach_client(buffer, client)
    await("the diagnostics", function()
        return #vim.diagnostic.get(buffer) > 0
    end)

    -- What is shown: a text behind each line that something is wrong with.
    for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
        say("diagnostic", string.format("%d:%d %s %s", diagnostic.lnum + 1, diagnostic.col + 1, diagnostic.code or "", diagnostic.source))
    end
    local shown = {}
    for _, source in pairs(vim.diagnostic.get_namespaces()) do
        local namespace = source.user_data.virt_text_ns
        for _, mark in ipairs(namespace and vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, {}) or {}) do
            shown[mark[2] + 1] = true
        end
    end
    for line = 1, vim.api.nvim_buf_line_count(buffer) do
        if shown[line] then
            say("shown on line", line)
        end
    end

    local function ask(method, params)
        local answers = vim.lsp.buf_request_sync(buffer, method, params, patience)
        local answer = answers and answers[client]
        assert(answer and not answer.err, method .. ": " .. vim.inspect(answers))
        return answer.result
    end

    local function at(line, column)
        vim.api.nvim_win_set_cursor(0, { line, column })
        return vim.lsp.util.make_position_params(0, "utf-16")
    end

    -- A fix, as a person picks it.
    local encoding = vim.lsp.get_client_by_id(client).offset_encoding
    at(2, 0)
    local params = vim.lsp.util.make_range_params(0, encoding)
    params.range.start.character = 0
    params.range["end"] = { line = 1, character = 1000 }
    params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(buffer, 1) }
    local chosen
    for _, action in ipairs(ask("textDocument/codeAction", params)) do
        if action.isPreferred and not chosen then
            chosen = action
        end
    end
    assert(chosen, "there is no fix")
    say("fix", chosen.title)
    vim.lsp.util.apply_workspace_edit(chosen.edit, encoding)
    for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
        say("line " .. number, line)
    end
    await("the diagnostics after the fix", function()
        for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
            if diagnostic.code == "DL3014" then
                return false
            end
        end
        return true
    end)

    -- The rest of it, once each.
    local hover = ask("textDocument/hover", at(4, 23))
    say("hover", vim.split(hover.contents.value, "\n")[1])
    local definition = ask("textDocument/definition", at(4, 23))
    definition = definition[1] or definition
    local target = definition.targetSelectionRange or definition.range
    say("definition", (target.start.line + 1) .. ":" .. (target.start.character + 1))
    say("references", #ask("textDocument/references", vim.tbl_extend("force", at(4, 23), { context = { includeDeclaration = true } })))
    vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", vim.tbl_extend("force", at(4, 23), { newName = "STYLE" })), encoding)
    say("renamed", vim.api.nvim_buf_get_lines(buffer, 3, 4, false)[1])
    local copy = at(5, 0)
    copy.position.character = 5
    local offered = {}
    -- The files that there are may still be looked for.
    await("the files", function()
        local items = ask("textDocument/completion", copy)
        for _, item in ipairs(items and (items.items or items) or {}) do
            table.insert(offered, item.label)
        end
        return vim.tbl_contains(offered, "main.go")
    end)
    say("offered", "main.go")
    say("symbols", #ask("textDocument/documentSymbol", { textDocument = vim.lsp.util.make_text_document_params(buffer) }))

    vim.lsp.stop_client(client)
    await("the end of the server", function()
        return vim.lsp.client_is_stopped(client)
    end)
    say("done", true)
end

local fine, reason = xpcall(run, debug.traceback)
if not fine then
    io.stdout:write("failed: " .. reason .. "\n")
end
vim.cmd(fine and "qall!" or "cquit!")
