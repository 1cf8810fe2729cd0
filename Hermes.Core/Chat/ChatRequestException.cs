namespace Hermes.Core.Chat;

/// <summary>A chat request cannot be used. The message says which field and why, and is fit to be shown to the client.</summary>
internal sealed class ChatRequestException(string message) : Exception(message);
