namespace Hermes.Core.Configuration;

/// <summary>The home's <c>config.yaml</c> exists and cannot be read. Repair the file at the place that the message names.</summary>
/// <remarks>The message is fit to be shown to a client: it holds no text of the file and no path, since either may be secret.</remarks>
/// <param name="reason">The place or the kind of the fault, such as <c>line 3, column 7</c>.</param>
public sealed class ConfigUnreadableException(string reason) : Exception($"config.yaml cannot be read: {reason}")
{
    /// <summary>The place or the kind of the fault.</summary>
    public string Reason { get; } = reason;
}

/// <summary>A value cannot be written to <c>config.yaml</c>. Choose another one; nothing was changed.</summary>
/// <param name="field">The value's key.</param>
/// <param name="problem">What is wrong with it.</param>
public sealed class ConfigValueException(string field, string problem) : Exception($"'{field}' {problem}")
{
    /// <summary>The value's key.</summary>
    public string Field { get; } = field;
}

/// <summary><c>config.yaml</c> is such that the change cannot be made without others: broken, or with a value that other places share.
/// Repair or change the file by hand; nothing was changed.</summary>
/// <remarks>The message is fit to be shown to a client: it holds no text of the file and no path.</remarks>
/// <param name="reason">Why.</param>
public sealed class ConfigConflictException(string reason) : Exception($"config.yaml cannot be changed: {reason}");

/// <summary><c>config.yaml</c> cannot be written. Allow the process to write to the home, or make room on the disk; nothing was changed.</summary>
/// <remarks>The message is fit to be shown to a client: it holds no path.</remarks>
/// <param name="reason">What is in the way.</param>
/// <param name="inner">The error of the file system.</param>
public sealed class ConfigUnwritableException(string reason, Exception? inner = null) : Exception($"config.yaml cannot be written: {reason}", inner);
