namespace Hermes.Core.IO;

/// <summary>A name that a file was expected at is a folder's, a pipe's or a device's, or a link that leads to none.</summary>
/// <param name="what">What it is, fit to follow upon "it is".</param>
internal sealed class NotRegularFileException(string what) : IOException($"It is {what}.")
{
    /// <summary>What it is, without a path and fit to be shown: "a link that leads nowhere".</summary>
    public string What { get; } = what;
}
