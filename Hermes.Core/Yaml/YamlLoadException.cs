namespace Hermes.Core.Yaml;

/// <summary>A text cannot be read as YAML. The message never quotes the text: it may hold secrets.</summary>
/// <param name="line">The line, from 1.</param>
/// <param name="column">The column, from 1.</param>
/// <param name="problem">What is wrong there, in words that hold nothing of the text.</param>
internal sealed class YamlLoadException(int line, int column, string problem) : Exception($"line {line}, column {column}: {problem}")
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The column, from 1.</summary>
    public int Column { get; } = column;

    /// <summary>What is wrong there, in words that hold nothing of the text.</summary>
    public string Problem { get; } = problem;
}
