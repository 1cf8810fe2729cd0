namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A session that was found.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Id">Its id, as UTF-8.</param>
/// <param name="MayBePart">Whether it may be one of several of a <see cref="Conversation"/>.</param>
internal readonly record struct SessionKey(long Row, byte[] Id, bool MayBePart);
