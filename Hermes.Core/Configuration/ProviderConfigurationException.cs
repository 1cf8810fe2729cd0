namespace Hermes.Core.Configuration;

/// <summary>A model provider is named or described, and cannot be asked as it is configured. The message says what to change.</summary>
/// <remarks>The message names settings, and holds no key, no address and no path; it is fit for a log and a terminal.</remarks>
/// <param name="message">What is wrong, and what cures it.</param>
/// <param name="inner">The cause.</param>
public sealed class ProviderConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
