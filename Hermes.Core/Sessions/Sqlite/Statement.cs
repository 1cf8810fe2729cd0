using System.Buffers;
using SQLitePCL;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>One use of a connection's prepared statement: bind, step, read; disposing it makes the statement ready for the next use.</summary>
/// <remarks>Spans of a row are valid until the next step. Parameters count from 1, columns from 0, as in SQLite.</remarks>
internal readonly ref struct Statement(Connection connection, sqlite3_stmt statement)
{
    private readonly Connection _connection = connection;
    private readonly sqlite3_stmt _statement = statement;

    public Statement Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(_statement, parameter, value));

    public Statement Bind(int parameter, double value) => Check(raw.sqlite3_bind_double(_statement, parameter, value));

    // SQLite takes a null pointer, which is what is left of an empty span, for NULL.
    public Statement Bind(int parameter, scoped ReadOnlySpan<byte> utf8) =>
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(_statement, parameter, "") : raw.sqlite3_bind_text(_statement, parameter, utf8));

    public Statement Bind(int parameter, string? text)
    {
        if (text is null) return Check(raw.sqlite3_bind_null(_statement, parameter));

        // SQLite copies it: an array of megabytes for each long answer would be garbage at once.
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(text));
        try
        {
            return Bind(parameter, utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False where there is none.</returns>
    public bool Step() => raw.sqlite3_step(_statement) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        var error => throw _connection.Failure(error),
    };

    /// <summary>Runs a statement whose rows nobody wants, and ends this use of it.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        try
        {
            while (Step())
            {
            }

            return raw.sqlite3_changes(_connection.Handle);
        }
        finally
        {
            Dispose();
        }
    }

    public bool IsNull(int column) => Type(column) == raw.SQLITE_NULL;

    public bool IsNumber(int column) => Type(column) is raw.SQLITE_INTEGER or raw.SQLITE_FLOAT;

    public bool IsText(int column) => Type(column) == raw.SQLITE_TEXT;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public double Double(int column) => raw.sqlite3_column_double(_statement, column);

    /// <summary>The bytes of a text or blob, or of the text of a number; empty for null.</summary>
    /// <remarks>Asked first for its length, SQLite converts the text of a UTF-16 database; asked for the bytes alone it does not.</remarks>
    public ReadOnlySpan<byte> Utf8(int column) =>
        _connection.IsUtf8 || raw.sqlite3_column_bytes(_statement, column) != 0 ? raw.sqlite3_column_blob(_statement, column) : [];

    public FieldValue Text(int column) => IsNull(column) ? default : FieldValue.Text(Utf8(column));

    public void Dispose()
    {
        // The result repeats the last step's error, which has been thrown.
        _ = raw.sqlite3_reset(_statement);
        _ = raw.sqlite3_clear_bindings(_statement);
    }

    private int Type(int column) => raw.sqlite3_column_type(_statement, column);

    private Statement Check(int result) =>
        // Parameters past the last one that a statement has belong to columns that the file does not have.
        result is raw.SQLITE_OK or raw.SQLITE_RANGE ? this : throw _connection.Failure(result);
}
