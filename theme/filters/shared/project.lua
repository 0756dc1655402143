-- What several filters need to know of the project, under both engines. A filter loads it by
--   dofile(quarto and quarto.utils.resolve_path('shared/project.lua')
--     or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'shared', 'project.lua' }))

local project = {}

-- Returns the path of a file of the project, which is given from the project's root.
function project.path(name)
  return quarto and pandoc.path.join({ quarto.project.directory, name }) or name
end

-- Returns the path of the source from the project's root.
function project.source(meta)
  if quarto then
    return (pandoc.path.make_relative(quarto.doc.input_file, quarto.project.directory):gsub('\\', '/'))
  end
  return meta['course-source'] and pandoc.utils.stringify(meta['course-source']) or ''
end

-- Returns what a JSON file of the project holds; an empty table where there is no such file.
function project.read(name)
  local file = io.open(project.path(name), 'r')
  if not file then return {} end
  local content = file:read('a')
  file:close()
  return pandoc.json.decode(content, false)
end

-- Reports a mistake of the author: to our engine with its kind and the token by which it finds the line, to Quarto as
-- an error.
function project.refuse(kind, token, message)
  if quarto then error(message, 0) end
  io.stderr:write(table.concat({ 'COURSE-ERROR', kind, token, message }, '\t'), '\n')
end

-- Returns text that may stand in HTML, attributes included.
function project.escape(value)
  return (tostring(value):gsub('[&<>"]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }))
end

return project
