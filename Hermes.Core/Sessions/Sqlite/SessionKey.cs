namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A session that was found, by the index of ids alone.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Id">Its id, as UTF-8.</param>
internal readonly record struct SessionKey(long Row, byte[] Id);
