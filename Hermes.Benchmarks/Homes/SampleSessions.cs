using System.Text.Json;
using Hermes.Core;
using Hermes.Core.Sessions.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hermes.Benchmarks.Homes;

/// <summary>Fills a <c>state.db</c> in bulk: sessions, one in six a child of another, and a session of 2,000 messages.</summary>
internal sealed class SampleSessions : IDisposable
{
    private const int BigSessionMessages = 2_000;
    private const double FirstStart = 1_600_000_000;

    private readonly SampleText _text = new(seed: 1);
    private readonly SqliteConnection _database;
    private readonly SqliteCommand _session;
    private readonly SqliteCommand _message;

    private SampleSessions(HermesHome home)
    {
        _database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = home.StateDatabase, Pooling = false }.ToString());
        _database.Open();
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF");
        Execute(SessionSql.CreateSchema);
        _session = Prepare("""
            INSERT INTO sessions (id, source, user_id, model, model_config, system_prompt, parent_session_id, started_at, ended_at,
                end_reason, message_count, input_tokens, output_tokens, title)
            VALUES ($id, $source, 'u1', 'acme/model-1', '{"max_iterations": 90}', $prompt, $parent, $started, $ended,
                $reason, $messages, 1000, 500, $title)
            """, "$id", "$source", "$prompt", "$parent", "$started", "$ended", "$reason", "$messages", "$title");
        _message = Prepare("""
            INSERT INTO messages (session_id, role, content, tool_call_id, tool_calls, tool_name, timestamp, finish_reason)
            VALUES ($session, $role, $content, $answers, $calls, $tool, $at, $finish)
            """, "$session", "$role", "$content", "$answers", "$calls", "$tool", "$at", "$finish");
    }

    public static void Write(HermesHome home, int sessions, int messages)
    {
        using var sample = new SampleSessions(home);
        sample.Execute("BEGIN");
        var roots = new List<string>();
        for (var number = 0; number < sessions; number++)
        {
            var id = sample._text.Uuid();
            var isChild = number % 6 == 5;
            sample.AddSession(id, number, messages, isChild ? sample._text.OneOfLast(roots, 50) : null);
            if (!isChild)
                roots.Add(id);
        }

        sample.AddSession(BenchmarkHome.BigSession, sessions, BigSessionMessages, parent: null);
        sample.Execute($"UPDATE messages SET content = content || ' {BenchmarkHome.RareWord}' WHERE id = (SELECT max(id) / 2 FROM messages)");
        sample.Execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public void Dispose()
    {
        _message.Dispose();
        _session.Dispose();
        _database.Dispose();
    }

    private void AddSession(string id, int number, int messages, string? parent)
    {
        var started = FirstStart + (number * 600.0);
        var hasEnded = number % 3 != 0;
        Run(_session, id, _text.Source(), $"You are Hermes. {_text.Say(300)}", parent, started, hasEnded ? started + 500 : null,
            hasEnded ? "user_exit" : null, messages, number % 5 != 0 ? $"{_text.Say(4)} {number}" : null);
        for (var index = 0; index < messages; index++)
        {
            var role = (index % 4) switch { 0 => "user", 3 => "tool", _ => "assistant" };
            Run(_message, id, role, _text.Say(40), role == "tool" ? $"call_{index - 2}" : null, index % 4 == 1 ? ToolCall(index) : null,
                role == "tool" ? "terminal" : null, started + index, role == "assistant" ? "stop" : null);
        }
    }

    private string ToolCall(int index)
    {
        var command = JsonEncodedText.Encode($$"""{"command": "{{_text.Say(4)}}"}""");
        return $$$"""[{"id": "call_{{{index}}}", "type": "function", "function": {"name": "terminal", "arguments": "{{{command}}}"}}]""";
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _database.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });

        return command;
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++)
            command.Parameters[index].Value = values[index] ?? DBNull.Value;

        command.ExecuteNonQuery();
    }

    private void Execute(string sql)
    {
        using var command = _database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
