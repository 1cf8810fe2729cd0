using YamlDotNet.Core;

namespace Hermes.Core.Yaml;

/// <summary>A text cannot be read as YAML. The message never quotes the text: it may hold secrets.</summary>
internal sealed class YamlLoadException(Mark at, string problem) : Exception($"line {at.Line}, column {at.Column}: {problem}")
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = (int)at.Line;
    /// <summary>The column, from 1.</summary>
    public int Column { get; } = (int)at.Column;
    /// <summary>What is wrong there, in words that hold nothing of the text.</summary>
    public string Problem { get; } = problem;
}
