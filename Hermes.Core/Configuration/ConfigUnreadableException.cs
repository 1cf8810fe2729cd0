namespace Hermes.Core.Configuration;

/// <summary>The home's <c>config.yaml</c> exists and cannot be read. Mend the file at the place that the message names.</summary>
/// <remarks>The message is fit to be shown to a client: it holds no text of the file and no path, since either may be secret.</remarks>
/// <param name="reason">The place or the kind of the fault, such as <c>line 3, column 7</c>.</param>
public sealed class ConfigUnreadableException(string reason) : Exception($"config.yaml cannot be read: {reason}")
{
    /// <summary>The place or the kind of the fault.</summary>
    public string Reason { get; } = reason;
}
