using SQLitePCL;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Which SQLite is used: the one that the app has chosen, else the one that Microsoft.Data.Sqlite brings along.</summary>
internal static class SqliteProvider
{
    /// <summary>Sees to it that there is one. A choice that was made stays.</summary>
    public static void Ensure()
    {
        if (!IsChosen())
        {
            Batteries_V2.Init();
        }
    }

    private static bool IsChosen()
    {
        try
        {
            return raw.sqlite3_libversion_number() > 0;
        }
        catch (Exception)
        {
            // SQLitePCLRaw has no other way to say that nobody chose one.
            return false;
        }
    }
}
