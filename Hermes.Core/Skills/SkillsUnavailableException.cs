namespace Hermes.Core.Skills;

/// <summary>The home's folder of skills is there and cannot be listed, or a file of a skill cannot be read. The message is fit to be shown to a client.</summary>
/// <param name="message">What is wrong and what is to be done, without a path.</param>
/// <param name="inner">The cause; null where the system reported none.</param>
public sealed class SkillsUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
