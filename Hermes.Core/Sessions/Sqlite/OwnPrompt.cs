using System.Security.Cryptography;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Tells the system prompts that were given through this API from those that the Python agent assembled for itself.</summary>
/// <remarks>
/// A session of source <c>api_server</c> has none of the agent's, unless it is a branch, which has its parent's. All others have a mark: the
/// SHA-256 of the prompt that was given. It stops to count when the agent writes another prompt, and is lost at worst.
/// </remarks>
internal static class OwnPrompt
{
    private const string Mark = "_api_system_prompt";

    /// <summary>Whether the prompt of the session in this row was given through this API.</summary>
    public static bool Is(Connection connection, long row, string prompt)
    {
        var (source, config) = Read(connection, row);
        return IsBySource(source, config) || ModelConfig.Find(config, Mark) == Hash(prompt);
    }

    /// <summary>Notes that the prompt of the session in this row was given through this API, where its source does not say so already.</summary>
    public static void Note(Connection connection, long row, string prompt)
    {
        var (source, config) = Read(connection, row);
        if (connection.Sql.Layout.HasSessionColumn("model_config") && !IsBySource(source, config)
            && ModelConfig.With(config, Mark, Hash(prompt)) is { } marked)
        {
            ModelConfig.Write(connection, row, marked);
        }
    }

    private static bool IsBySource(string? source, byte[] config) =>
        source == NewSession.ApiServerSource && ModelConfig.Find(config, ModelConfig.BranchMark) is null;

    private static (string? Source, byte[] Config) Read(Connection connection, long row)
    {
        using var session = connection.Use(connection.Sql.SourceAndModelConfig);
        return session.Bind(1, row).Step() ? (session.Text(0).AsText(), session.Utf8(1).ToArray()) : (null, []);
    }

    private static string Hash(string prompt) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)));
}
